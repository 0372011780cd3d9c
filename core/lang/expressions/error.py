"""The one error of the expression parser; the compiler turns it into a diagnostic."""

from collections.abc import Iterable

from core.model.errors import InstaFlowError
from core.model.near import near


class ExpressionError(InstaFlowError):
    """An expression or template cannot be read. ``at`` is the offset in its text, ``code`` the diagnostic's code.

    ``wrong`` = the word that is not known, ``better`` = the one that was probably meant.
    """

    def __init__(
        self, message: str, at: int = 0, code: str = "IF120", hint: str = "", wrong: str = "", better: str = ""
    ) -> None:
        super().__init__(message)
        self.message, self.at, self.code, self.hint = message, at, code, hint
        self.wrong, self.better = wrong, better

    @classmethod
    def unknown(cls, kind: str, name: str, known: Iterable[str], at: int = 0) -> "ExpressionError":
        """A filter or function that does not exist.

        >>> ExpressionError.unknown("filter", "uper", ["upper", "lower"]).hint
        "did you mean 'upper'?"
        """
        better = near(name, known)
        hint = f"did you mean '{better}'?" if better else f"known: {', '.join(sorted(known))}"
        return cls(f"the {kind} '{name}' does not exist", at, "IF122", hint, name, better)

    def moved(self, by: int) -> "ExpressionError":
        """The same error, seen from a text in which the expression begins at ``by``."""
        return ExpressionError(self.message, self.at + by, self.code, self.hint, self.wrong, self.better)
