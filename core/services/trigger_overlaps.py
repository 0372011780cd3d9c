"""Triggers of an account that want the same words: who gets them, who never gets anything (product promise 8).

The words of each trigger are put to the matcher that decides about real messages; no rule is written down a second time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import select

from core.lang.conditions import words_of
from core.model.accounts import setting
from core.model.inbound import Inbound
from core.runtime.match import Matcher
from core.services import scope, trigger_test, triggers
from core.services.actor import Actor
from core.services.house import House
from core.store.tables.flows import flow

VALUES = {"ref": "ref", "ice_breaker": "payload", "menu": "payload"}
"""Trigger types that a value starts, and the option that holds it."""


@dataclass(slots=True)
class Pair:
    """``example`` = the shortest text that both want; ``taken`` = of the loser's words those that the winner takes."""

    winner: str
    loser: str
    example: str
    taken: set[str] = field(default_factory=set)


def overlaps(house: House, who: Actor, account_id: str) -> list[dict[str, Any]]:
    """[{winner, loser: {trigger_id, flow_id, flow_name, type, keyword}, example, shadowed}] of the live triggers of different
    flows, the shadowed ones first. ``shadowed`` = the loser gets none of its words."""
    with house.store.read() as tx:
        account = scope.an_account(tx, who, account_id)
        rows = triggers.of_account(tx, account_id)
        named = select(flow).where(flow.c.instagram_account_id == account_id)
        flows = {f["flow_id"]: f for f in tx.execute(named).mappings()}
    live = {r["trigger_id"]: r for r in rows if trigger_test.off(r, flows) is None}
    found = _pairs(house, account, live)
    told = [_told(pair, live, flows) for pair in found.values()]
    return sorted(told, key=lambda t: (not t["shadowed"], len(t["example"]), t["example"]))


def _pairs(house: House, account: Mapping[Any, Any], live: Mapping[str, Any]) -> dict[tuple[str, str], Pair]:
    rows = [trigger_test.row_of(r) for r in live.values()]
    matcher = Matcher(rows, house.registry.trigger_types, setting(account["settings"], "experimentalFollow"))
    found: dict[tuple[str, str], Pair] = {}
    for row in live.values():
        for text, event in _events(row):
            whole = cast(
                Inbound,
                {"ig_id": account["instagram_user_id"], "contact": "x", "at": house.clock.now(), "key": "x", **event},
            )
            order = [r.id for r in matcher.candidates(whole, False) if _by_words(live[r.id])]
            first = order[0] if order else None
            for loser in order[1:]:
                if first is None or live[first]["flow_id"] == live[loser]["flow_id"]:
                    continue
                pair = found.setdefault((first, loser), Pair(first, loser, text))
                pair.example = min(pair.example, text, key=lambda t: (len(t), t))
                if loser == row["trigger_id"]:
                    pair.taken.add(text)
    return found


def _by_words(row: Mapping[Any, Any]) -> bool:
    """Started by certain words or values, not by anything."""
    return bool(row["keyword"]) or row["type"] in VALUES


def _events(row: Mapping[Any, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What starts the trigger, as events of its kind; patterns are left out, others' words are put to them."""
    kind, options = row["type"], row["options"] or {}
    if kind in VALUES:
        value = str(options.get(VALUES[kind]) or row["keyword"] or "")
        if value and kind == "ref":
            yield value, {"kind": "referral", "referral": {"ref": value}}
        elif value:
            yield value, {"kind": "postback", "payload": value, "tap": "postback", "text": ""}
        return
    if options.get("match") == "regex":
        return
    for text in words_of(row["keyword"] or ""):
        if kind in ("comment_keyword", "live_comment"):
            comment = {"id": "x", "media_id": row["media_id"] or "x"}
            yield text, {"kind": "comment" if kind == "comment_keyword" else kind, "text": text, "comment": comment}
        elif kind == "story_reply":
            yield text, {"kind": "message", "text": text, "reply_to": {"story": {"id": "x"}}}
        else:
            yield text, {"kind": "message", "text": text}


def _told(pair: Pair, live: Mapping[str, Any], flows: Mapping[str, Any]) -> dict[str, Any]:
    loser = live[pair.loser]
    own = [text for text, _ in _events(loser)]
    return {
        "winner": _named(live[pair.winner], flows),
        "loser": _named(loser, flows),
        "example": pair.example,
        "shadowed": _all(own, pair.taken),
    }


def _all(own: Sequence[str], taken: set[str]) -> bool:
    return bool(own) and set(own) <= taken


def _named(row: Mapping[Any, Any], flows: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("trigger_id", "flow_id", "type", "keyword")
    return {**{k: row[k] for k in keys}, "flow_name": flows[row["flow_id"]]["name"]}
