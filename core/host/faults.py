"""What went wrong inside third parties' plugins since the start: told once in the log, kept for the plugins page."""

import logging
from collections.abc import Mapping
from pathlib import Path

log = logging.getLogger(__name__)


class Faults:
    """One problem for each plugin, the first. Any thread. Where it happened is told, not the error's own text: that may hold
    what somebody wrote, or a secret.

    >>> faults = Faults()
    >>> faults.told("acme", "the trigger type 'shop'", KeyError("x"))
    "the trigger type 'shop' failed: KeyError"
    >>> dict(faults.by_plugin)
    {'acme': "the trigger type 'shop' failed: KeyError"}
    """

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._logged: set[tuple[str, str]] = set()

    @property
    def by_plugin(self) -> Mapping[str, str]:
        """Plugin -> what went wrong."""
        return self._first

    def told(self, plugin: str, where: str, error: BaseException, why: str = "") -> str:
        """Remembers and logs; answers the sentence. The log has one line for each place. ``why`` = a reason of our own words."""
        says = f"{where} failed: {why or type(error).__name__ + _place(error)}"
        self._first.setdefault(plugin, says)
        if (plugin, where) not in self._logged:
            self._logged.add((plugin, where))
            log.error("a plugin failed", extra={"plugin": plugin, "problem": says})
        return says


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace is not None else ""
