"""The one error of the expression parser; the compiler turns it into a diagnostic."""

from core.model.errors import InstaFlowError


class ExpressionError(InstaFlowError):
    """An expression or template cannot be read. ``at`` is the offset in its text, ``code`` the diagnostic's code."""

    def __init__(self, message: str, at: int = 0, code: str = "IF120", hint: str = "") -> None:
        super().__init__(message)
        self.message, self.at, self.code, self.hint = message, at, code, hint

    def moved(self, by: int) -> "ExpressionError":
        """The same error, seen from a text in which the expression begins at ``by``."""
        return ExpressionError(self.message, self.at + by, self.code, self.hint)
