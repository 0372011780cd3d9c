"""What the receiver has seen since this process started: plain numbers, read by /metrics and by an account's health."""

from dataclasses import dataclass, fields


@dataclass(slots=True)
class Counts:
    """``received`` bodies with a good signature · ``events`` in them · ``stored`` new rows · ``repeated`` events that were known
    · ``unknown_account`` events of accounts that are not connected · ``ignored`` bodies without events for us · ``tests`` of
    Meta's dashboard ·
    ``invalid_signature``, ``invalid_payload``, ``too_large``, ``unavailable`` refusals · ``last_test_at`` milliseconds."""

    received: int = 0
    events: int = 0
    stored: int = 0
    repeated: int = 0
    unknown_account: int = 0
    ignored: int = 0
    tests: int = 0
    invalid_signature: int = 0
    invalid_payload: int = 0
    too_large: int = 0
    unavailable: int = 0
    last_test_at: int = 0

    def snapshot(self) -> dict[str, int]:
        """All numbers by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


COUNTS = Counts()
"""This process's."""
