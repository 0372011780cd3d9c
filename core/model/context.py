"""What a step may know of the world: a snapshot read in the step's own transaction."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

PROFILE_FIELDS = frozenset(
    {"firstName", "lastName", "name", "username", "profilePictureUrl", "isFollower", "followerCount", "isVerified"}
)
"""What ``contact.<name>`` reads from Instagram's profile (reference 3.1); every other name is an attribute."""


@dataclass(slots=True)
class Context:
    """``now`` and ``last_inbound`` are milliseconds since 1970 UTC; ``last_inbound`` is the last window-opening event.

    ``contact`` = profile and attributes under their flow names (firstName, username, email …); ``account`` = {username, …}.
    ``foreground_held`` = another run of this contact waits for a reply, so this one must not ask now (decision 2).
    ``burst_ms`` = for so long after a question an answer that fits nothing is taken as the rest of a burst of short messages
    and is not asked about again (``limits.BURST_MS`` is the product's default; 0 = off).
    """

    now: int
    contact: Mapping[str, Any] = field(default_factory=dict)
    tags: AbstractSet[str] = frozenset()
    segments: AbstractSet[str] = frozenset()
    account: Mapping[str, Any] = field(default_factory=dict)
    last_inbound: int | None = None
    foreground_held: bool = False
    burst_ms: int = 0
