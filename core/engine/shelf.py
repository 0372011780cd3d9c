"""Programs in memory: for previews, tests and benches."""

from collections.abc import Iterable, Mapping

from core.engine.link import link
from core.engine.linked import Linked
from core.model.program import Program


class Shelf:
    """The Programs of ``core.engine.result`` over a fixed set; ``active`` = {slug or id: hash}."""

    def __init__(self, programs: Iterable[Program], active: Mapping[str, str] | None = None) -> None:
        self._linked = {p.hash: link(p) for p in programs}
        self._active = dict(active or {})

    def linked(self, hash: str) -> Linked:
        """The program of that hash. KeyError when it is not here."""
        return self._linked[hash]

    def active(self, flow: str) -> str | None:
        """The hash that a flow's slug or id stands for."""
        return self._active.get(flow)
