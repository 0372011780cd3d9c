"""Passwords: what is too weak, and argon2id behind a semaphore, since each hash takes 19 MiB."""

import ctypes
import threading
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM, MAXIMUM = 12, 256
MEMORY_KIB, ROUNDS, LANES = 19 * 1024, 2, 1
"""argon2id as OWASP advises."""
COMMON = Path(__file__).parent / "data" / "common_passwords.txt"

_HASHER = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES)
M_MMAP_THRESHOLD, HALF_A_HASH = -3, MEMORY_KIB * 512
with suppress(AttributeError, OSError):
    # glibc raises its threshold after the first hash and keeps 19 MiB in the arena of each thread that ever hashed; a
    # fixed one lets every hash have its memory from the kernel and give it back
    ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, HALF_A_HASH)
_AT_ONCE = threading.BoundedSemaphore(4)


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """The passwords that everybody tries first."""
    return frozenset(COMMON.read_text().split())


def weakness(password: str, *near: str) -> str | None:
    """Why the password is refused, or None. ``near`` = words too close to the person, such as the e-mail.

    >>> weakness("Password123456!")
    'This password, or nearly this, is among the commonest: choose another'
    >>> weakness("seven grey herons") is None
    True
    """
    if len(password) < MINIMUM:
        return f"A password has at least {MINIMUM} characters"
    if len(password) > MAXIMUM:
        return f"A password has at most {MAXIMUM} characters"
    low = password.lower()
    bare = low.strip("0123456789!?.@#$%&*-_ ")
    if low in common() or bare in common() or len(set(low)) < 4:
        return "This password, or nearly this, is among the commonest: choose another"
    if any(len(word) > 3 and bare in (word.lower(), word.lower().partition("@")[0]) for word in near if word):
        return "The password is too close to your name or e-mail: choose another"
    return None


def hashed(password: str) -> str:
    """What is stored of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def verify(stored: str | None, password: str) -> bool:
    """True when it is the password. Without a stored hash the work is done all the same, so that time tells nothing."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored or nobody(), password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


@lru_cache(maxsize=1)
def nobody() -> str:
    """A hash that belongs to nobody."""
    return _HASHER.hash("instaflow: nobody has this password")


def outdated(stored: str) -> bool:
    """True when the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)
