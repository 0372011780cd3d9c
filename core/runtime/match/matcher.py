"""From an event to the triggers that take it, in order of precedence, and the reason why every other one does not."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.model.inbound import Inbound
from core.model.nodetype import TriggerRow, TriggerType
from core.runtime.match.keywords import Entry, KeywordIndex
from core.runtime.match.precedence import mode_of, order
from core.runtime.match.reasons import excluded, keyword_reason, kind_reason, quiet, value_reason
from core.runtime.match.values import values
from core.runtime.match.words import keywords_of

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Table:
    """The indexes for one kind of event; the numbers are places in the order of precedence."""

    entries: list[Entry] = field(default_factory=list)
    values: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    always: list[int] = field(default_factory=list)
    index: KeywordIndex | None = None


class Matcher:
    """The active triggers of one account, ready to be asked. Immutable: make a new one when they change.

    ``types`` = the registry's trigger types; a row of an unknown type is left out. ``follow`` = the account's switch
    ``experimentalFollow``: without it a follow starts nothing (decision 9).
    """

    def __init__(self, rows: Sequence[TriggerRow], types: Mapping[str, TriggerType], follow: bool = False) -> None:
        self._types = types
        self._follow = follow
        known = [row for row in rows if row.type in types]
        placed = sorted(
            (
                (order(row, types[row.type].rank, keyword), keyword, row)
                for row in known
                for keyword in _keys(row, types)
            ),
            key=lambda found: found[0],
        )
        self._rows = [row for _, _, row in placed]
        self._tables: dict[str, _Table] = {}
        for place, (_, keyword, row) in enumerate(placed):
            self._place(place, row, keyword)
        for table in self._tables.values():
            if table.entries:
                table.index = KeywordIndex(table.entries)

    def _place(self, place: int, row: TriggerRow, keyword: str | None) -> None:
        type_ = self._types[row.type]
        kind_of_key = type_.keyed
        for kind in type_.kinds:
            table = self._tables.get(kind) or self._tables.setdefault(kind, _Table())
            if keyword is not None:
                exact_case = row.options.get("caseSensitive") is True
                table.entries.append(Entry(place, keyword, mode_of(row.options), exact_case))
            elif kind_of_key in NAMED and (value := str(row.options.get(NAMED[kind_of_key]) or "")):
                table.values.setdefault((kind_of_key, value), []).append(place)
            else:
                table.always.append(place)

    def candidates(self, event: Inbound, first_contact: bool) -> list[TriggerRow]:
        """The triggers that take the event, the winner first. ``first_contact`` = the contact's first event that opens the
        window."""
        table = self._tables.get(event["kind"])
        if table is None or quiet(event, self._follow) is not None:
            return []
        found: list[TriggerRow] = []
        seen: set[str] = set()
        for place in sorted(self._places(table, event)):
            row = self._rows[place]
            if row.id not in seen:
                seen.add(row.id)
                if self._refused(row, event, first_contact) is None and excluded(row, event) is None:
                    found.append(row)
        return found

    def _refused(self, row: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """The type's own reason. A type that fails (a plugin's) takes nothing; the other triggers are not hurt."""
        try:
            return self._types[row.type].refuse(row, event, first_contact)
        except Exception as e:
            log.warning("a trigger type failed", extra={"type": row.type, "trigger": row.id, "error": type(e).__name__})
            return f"its type '{row.type}' failed: {type(e).__name__}"

    @staticmethod
    def _places(table: _Table, event: Inbound) -> Iterable[int]:
        found = set(table.always)
        text = event.get("text")
        if table.index is not None and text:
            found.update(table.index.hits(text))
        if table.values:
            for key in values(event):
                found.update(table.values.get(key, ()))
        return found

    def why(self, event: Inbound, first_contact: bool) -> list[tuple[TriggerRow, str | None]]:
        """Every trigger in order of precedence with the first reason why it does not take the event; None = it does."""
        told: dict[str, tuple[TriggerRow, str | None]] = {}
        general = quiet(event, self._follow)
        for row in self._rows:
            if row.id not in told:
                told[row.id] = row, general or self._reason(row, event, first_contact)
        return list(told.values())

    def _reason(self, row: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        type_ = self._types[row.type]
        if event["kind"] not in type_.kinds:
            return kind_reason(type_, event)
        refused = self._refused(row, event, first_contact)
        if refused is not None:
            return refused
        if type_.keyed == "keyword":
            return keyword_reason(row, event) or excluded(row, event)
        if type_.keyed in NAMED:
            return value_reason(type_.keyed, row.options.get(NAMED[type_.keyed]), event)
        return None


NAMED = {"payload": "payload", "ref": "ref", "ad": "adId"}
"""What a type is indexed by, and the option that holds it. Empty = every event of the type's kinds."""


def _keys(row: TriggerRow, types: Mapping[str, TriggerType]) -> Sequence[str | None]:
    if types[row.type].keyed != "keyword":
        return (None,)
    return keywords_of(row.keyword, mode_of(row.options)) or (None,)
