"""Why a text is no document; becomes diagnostic IF001."""

from core.model.errors import InstaFlowError
from core.model.span import Span


class Unreadable(InstaFlowError):
    """``span`` is where reading stopped."""

    def __init__(self, message: str, span: Span | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.span, self.hint = message, span, hint
