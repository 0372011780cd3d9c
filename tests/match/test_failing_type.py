"""A plugin's trigger type that fails takes nothing, and the other triggers are not hurt."""

from core.host.manager import load
from core.model.nodetype import TriggerRow
from core.runtime.match import Matcher


class Broken:
    """Raises whenever it is asked."""

    name = "acme.broken"
    title = summary = keyed = ""
    rank = 1
    kinds = frozenset({"message"})

    def refuse(self, trigger: TriggerRow, event: object, first_contact: bool) -> str | None:
        raise ValueError("canary")


def test_the_others_are_asked() -> None:
    types = {**load(entry_points=False).trigger_types, "acme.broken": Broken()}
    good = TriggerRow("2", "g", "dm_keyword", "hello", {}, 1)
    matcher = Matcher([TriggerRow("1", "f", "acme.broken", "", {}, 0), good], types)
    event = {"kind": "message", "ig_id": "1", "contact": "2", "at": 1, "key": "k", "mid": "m", "text": "hello"}
    assert matcher.candidates(event, False) == [good]
    assert [reason for _, reason in matcher.why(event, False)] == ["its type 'acme.broken' failed: ValueError", None]
