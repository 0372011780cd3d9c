"""File, server and base held together, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.services.flow_plan.parts import Parts

NEVER = "it was made on the server and never applied from a file"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Parts by what is to be done with them: written, left as they are on the server, decided by somebody. ``reason`` of a
    conflict."""

    changes: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    reason: str = ""


def compare(file: Parts, server: Parts, base: Parts | None, foreign: str = "", wins: bool = False) -> Verdict:
    """``base`` None = never applied; ``foreign`` = the other workspace that applied it; ``wins`` = the file wins in any case.

    >>> compare({"document": "b"}, {"document": "a"}, {"document": "a"}).changes
    ('document',)
    >>> compare({"document": "a"}, {"document": "b"}, {"document": "a"}).drift
    ('document',)
    >>> compare({"document": "b"}, {"document": "c"}, {"document": "a"}).conflicts
    ('document',)
    >>> compare({"document": "a"}, {"document": "a"}, None)
    Verdict(changes=(), drift=(), conflicts=(), reason='')
    """
    differ = [part for part in file if file[part] != server.get(part)]
    if wins:
        return Verdict(changes=tuple(differ))
    if base is None or foreign:
        reason = f"the workspace '{foreign}' applied it" if foreign else NEVER
        return Verdict(conflicts=tuple(differ), reason=reason if differ else "")
    known = {part: base.get(part, server.get(part)) for part in file}
    return _sorted_out(file, server, known, differ)


def _sorted_out(file: Parts, server: Parts, base: Mapping[str, str | None], differ: list[str]) -> Verdict:
    changes = tuple(p for p in differ if server.get(p) == base[p])
    drift = tuple(p for p in differ if file[p] == base[p])
    conflicts = tuple(p for p in differ if p not in changes and p not in drift)
    reason = "both the file and the server changed since the last apply" if conflicts else ""
    return Verdict(changes, drift, conflicts, reason)
