"""A clock that stands still until it is moved."""


class FixedClock:
    """Both times are ``at`` (milliseconds since 1970 UTC) until moved; see ``core.model.ports.Clock``.

    >>> clock = FixedClock(1_000)
    >>> clock.move(hours=1)
    >>> clock.now(), clock.real()
    (3601000, 3601000)
    """

    def __init__(self, at: int = 1_767_225_600_000) -> None:
        self.at = at

    def now(self) -> int:
        """Business time."""
        return self.at

    def real(self) -> int:
        """Real time, which stands still as well."""
        return self.at

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0, ms: int = 0) -> None:
        """Moves both times on (or back)."""
        self.at += int((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000) + ms
