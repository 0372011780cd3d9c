"""Webhook subscriptions of one account: subscribe (name by name when a name is refused), list, stop (platform reference 1.7)."""

from collections.abc import Mapping, Sequence
from typing import Any

from instaflow import Call, HttpRequest, HttpTransport, Outcome
from plugins.instagram.graph import Edge, ask, delete, get, login, outcome, post, text

FIELDS = (
    "messages",
    "messaging_postbacks",
    "messaging_seen",
    "messaging_referral",
    "message_reactions",
    "message_edit",
    "comments",
    "live_comments",
)
PAGE_FIELDS = ("feed",)
"""Facebook Login: any Page field will do, Instagram's fields come from the app's dashboard."""


class Subscribe:
    """``account.subscribe`` with ``body`` {"fields"?: [names]} → {"fields": those accepted, "refused": the others}."""

    kind = "account.subscribe"
    transport = "graph"

    def perform(self, call: Call, http: HttpTransport) -> Outcome:
        """All names at once; one that is refused fails them all, so then each is tried and the good ones set together."""
        typed = login(call.account).typed
        names = [str(n) for n in call.body.get("fields") or (PAGE_FIELDS if typed else FIELDS)]
        first = _set(call, http, names)
        if first.status != "failed" or len(names) < 2:
            return first
        good = [name for name in names if _set(call, http, [name]).status == "sent"]
        if not good:
            return first
        last = _set(call, http, good)
        refused = [name for name in names if name not in good]
        return Outcome("sent", data={"fields": good, "refused": refused}) if last.status == "sent" else last


def _set(call: Call, http: HttpTransport, names: Sequence[str]) -> Outcome:
    def read(call: Call, data: Mapping[str, Any]) -> Outcome:
        return Outcome("sent", data={"fields": list(names), "refused": []})

    request = post(call.account, "/me/subscribed_apps", {}, subscribed_fields=",".join(names))
    return outcome(call, ask(http, request), read)


def _stop(call: Call) -> HttpRequest:
    return delete(call.account, "/me/subscribed_apps")


def _list(call: Call) -> HttpRequest:
    return get(call.account, "/me/subscribed_apps")


def _listed(call: Call, data: Mapping[str, Any]) -> Outcome:
    fields = [
        text(f) for app in data.get("data") or () if isinstance(app, dict) for f in app.get("subscribed_fields") or ()
    ]
    return Outcome("sent", data={"fields": sorted(set(fields) - {""})})


def _done(call: Call, data: Mapping[str, Any]) -> Outcome:
    return Outcome("sent")


HANDLERS = (
    Subscribe(),
    Edge("account.unsubscribe", _stop, _done, repeatable=True),
    Edge("account.subscriptions", _list, _listed, repeatable=True),
)
