"""One message against the value that it meets: nothing, or what Instagram could refuse it for."""

from typing import NamedTuple

from core.lang.analysis.value import COMMENT_LIMIT, DAY, INF, LIMIT, SLACK, Phase, Value
from core.model.diagnostic import Severity
from core.model.starts import opens_window

LIVE = "live_comment"
LIVE_LIMIT = SLACK
"""A private reply to a comment on a broadcast is possible while it runs, and nobody knows for how long: no wait may come before."""
GUARD = "ask 'window.open' before this step, or shorten the waits on this path"


class Problem(NamedTuple):
    """What a diagnostic says, without its place."""

    code: str
    severity: Severity
    message: str
    hint: str


def problem(value: Value, start: str) -> Problem | None:
    """What is wrong with a message that meets ``value`` in a run that a trigger of the kind ``start`` began; None = it is proven."""
    private = value.phase is Phase.UNUSED
    if private and value.old <= (LIVE_LIMIT if start == LIVE else COMMENT_LIMIT):
        return None
    if not private and value.high <= LIMIT:
        return None
    if value.doubt:
        said = "a subflow runs before this message that is not known here: it cannot be proven to be inside the window"
        return Problem("IF410", Severity.INFO, said, "check the flows together, or ask 'window.open' before this step")
    certain = value.calm is not None and value.calm >= DAY
    if private:
        return _late(value, start)
    if value.phase is Phase.USED:
        said = "a second message before the person has answered: Instagram takes one private reply to a comment"
        hint = "ask something in the first message, and go on behind the answer"
        return Problem("IF404", Severity.ERROR if certain else Severity.WARNING, said, hint)
    if certain:
        return Problem("IF401", Severity.ERROR, _since(value, start), GUARD)
    return Problem("IF403" if value.phase is Phase.COLD else "IF402", Severity.WARNING, _since(value, start), GUARD)


def _since(value: Value, start: str) -> str:
    how = "started by a message of the contact" if opens_window(start) else f"started by '{start}'"
    if value.calm is not None and value.calm >= DAY:
        return f"{how}: sent {spelled(value.calm)} or more after the contact's last message; Instagram allows 24 hours"
    if value.high >= INF:
        return f"{how}: may be sent any time after the contact's last message; Instagram allows 24 hours"
    return f"{how}: may be sent up to {spelled(value.high)} after the contact's last message; Instagram allows 24 hours"


def _late(value: Value, start: str) -> Problem:
    when = "while the broadcast runs" if start == LIVE else "within 7 days"
    after = "any time" if value.old >= INF else spelled(value.old)
    said = f"the private reply may be sent {after} after the comment; Instagram allows it {when}"
    return Problem("IF407", Severity.WARNING, said, "send the first message before the wait")


def spelled(seconds: int) -> str:
    """A duration for people.

    >>> spelled(90000), spelled(59)
    ('1d1h', '59s')
    """
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "m")]
    return "".join(f"{n}{unit}" for n, unit in parts if n) or f"{seconds}s"
