"""Direct calls of Instagram's Graph API, through the handlers that plugins bring."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from core.model.errors import ServiceError
from core.model.ports import AccountView, Call, Outcome
from core.services.house import House
from core.store.ids import new_id
from core.store.sealing import Sealer

TRANSPORT = "graph"


@lru_cache(maxsize=4)
def sealer(keys: tuple[str, ...]) -> Sealer:
    """What seals tokens with the installation's keys."""
    return Sealer(keys)


def sealed(house: House, token: str, account_id: str) -> str:
    """A token as it is stored; it opens only in the row of this account."""
    return sealer(house.settings.encryption_keys).seal(token, account_id)


def view(house: House, row: Mapping[Any, Any]) -> AccountView:
    """An account's row as handlers see it, with the token in the clear."""
    token = row["access_token"]
    return AccountView(
        id=row["instagram_account_id"],
        ig_id=row["instagram_user_id"],
        page_id=row["instagram_page_id"],
        login=row["login"],
        token=sealer(house.settings.encryption_keys).open(token, row["instagram_account_id"]) if token else "",
        username=row["instagram_username"],
        settings=row["settings"] or {},
    )


def nobody(login: str, token: str = "", page_id: str | None = None, ig_id: str = "") -> AccountView:
    """An account that is not stored yet."""
    return AccountView(id=new_id(), ig_id=ig_id, page_id=page_id, login=login, token=token)


def call(house: House, kind: str, account: AccountView, body: Mapping[str, Any] | None = None) -> Outcome:
    """Performs one call now, in this thread. Never raises for what the world does: answers the outcome."""
    handler = house.registry.handlers.get(kind)
    if handler is None:
        return Outcome("failed", code="no_handler", message=f"no plugin carries out '{kind}'")
    http = house.registry.transport_factory(TRANSPORT)(house.settings)
    request = Call(0, kind, new_id(), account, {}, dict(body or {}), now=house.clock.now())
    return handler.perform(request, http)


def demand(outcome: Outcome, what: str) -> dict[str, Any]:
    """The data of a call that must have worked. Raises 400 instagram_refused, or 503 when Instagram cannot be reached."""
    if outcome.status == "sent":
        return outcome.data if isinstance(outcome.data, dict) else {}
    details = {"code": outcome.code, "reason": outcome.message}
    if outcome.status in ("retry", "throttled", "unknown"):
        raise ServiceError(503, "instagram_unreachable", f"Instagram does not answer: {what}", details)
    raise ServiceError(400, "instagram_refused", f"Instagram refused: {what}", details)


def pick(data: Mapping[str, Any], *names: str) -> Any:
    """The first of these keys that has a value."""
    return next((data[n] for n in names if data.get(n) not in (None, "")), None)
