"""The values of an event by which triggers are looked up: payload, ref and ad."""

from core.model.inbound import Inbound

PREFIX = "ifl1."


def bare(payload: str) -> str:
    """The payload as its author wrote it, without the house's ``ifl1.<run>.<wait>.`` (decision 14).

    >>> bare("ifl1.r.3.SEND.LINK"), bare("MENU_AGENT"), bare("ifl1.x")
    ('SEND.LINK', 'MENU_AGENT', 'ifl1.x')
    """
    if not payload.startswith(PREFIX):
        return payload
    parts = payload.split(".", 3)
    return parts[3] if len(parts) == 4 else payload


def values(event: Inbound) -> list[tuple[str, str]]:
    """(kind of key, value) pairs: at most one of each kind.

    >>> values({"payload": "A", "referral": {"ref": "flyer", "ad_id": "7"}})
    [('payload', 'A'), ('ref', 'flyer'), ('ad', '7')]
    """
    found = []
    payload = event.get("payload")
    if payload:
        found.append(("payload", bare(payload)))
    referral = event.get("referral")
    if referral:
        if referral.get("ref"):
            found.append(("ref", referral["ref"]))
        if referral.get("ad_id"):
            found.append(("ad", referral["ad_id"]))
    return found
