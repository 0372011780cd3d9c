"""Why a text is no document; becomes diagnostic IF001, or another of the codes for texts."""

from typing import Any

from core.model.errors import InstaFlowError
from core.model.fix import Fix, Related
from core.model.span import Span


class Unreadable(InstaFlowError):
    """``span`` is where reading stopped, ``fix`` what mends it, ``related`` places that it speaks of. ``others`` = more mistakes in the same text, in its order.

    ``rest`` = the Source that can be compiled nevertheless, or None: then the mistakes may have changed what the rest means.
    """

    def __init__(self, message: str, span: Span | None = None, hint: str = "", code: str = "IF001") -> None:
        super().__init__(message)
        self.message, self.span, self.hint, self.code = message, span, hint, code
        self.others: tuple[Unreadable, ...] = ()
        self.rest: Any = None
        self.fix: Fix | None = None
        self.related: tuple[Related, ...] = ()
