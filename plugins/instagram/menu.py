"""Ice breakers and the persistent menu (platform reference 3.3)."""

from collections.abc import Mapping
from typing import Any

from instaflow import Call, HttpTransport, Outcome
from plugins.instagram.graph import Edge, ask, delete, get, login, outcome, post

NAMES = ("ice_breakers", "persistent_menu")


class SetProfile:
    """``messenger_profile.set`` with ``body`` {"ice_breakers"?: list | None, "persistent_menu"?: list | None}: None removes.

    Lists are as the Graph API wants them; a flat list of ice breakers gets the locale "default".
    """

    kind = "messenger_profile.set"
    transport = "graph"

    def perform(self, call: Call, http: HttpTransport) -> Outcome:
        """Sets what is given in one call, removes what is None in another."""
        query = _query(call)
        given = {n: _localised(n, call.body[n]) for n in NAMES if call.body.get(n)}
        gone = [n for n in NAMES if n in call.body and not call.body[n]]
        done = Outcome("sent")
        if given:
            done = outcome(
                call, ask(http, post(call.account, "/me/messenger_profile", {**query, **given}, **query)), _done
            )
        if gone and done.status == "sent":
            names = "[" + ",".join(f'"{n}"' for n in gone) + "]"
            done = outcome(call, ask(http, delete(call.account, "/me/messenger_profile", fields=names, **query)), _done)
        return done


def _query(call: Call) -> dict[str, str]:
    platform = login(call.account).platform
    return {"platform": platform} if platform else {}


def _localised(name: str, value: Any) -> Any:
    if name == "ice_breakers" and value and "call_to_actions" not in value[0]:
        return [{"call_to_actions": value, "locale": "default"}]
    return value


def _done(call: Call, data: Mapping[str, Any]) -> Outcome:
    return Outcome("sent", data=dict(data))


HANDLERS = (
    SetProfile(),
    Edge(
        "messenger_profile.get",
        lambda c: get(c.account, "/me/messenger_profile", fields=",".join(NAMES), **_query(c)),
        _done,
    ),
)
