"""Compiled programs, linked once per process and kept by their hash (a hash never changes its meaning)."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from core.engine import Linked, link
from core.model.codec import program_from_json
from core.model.program import Program
from core.runtime.accounts import Flow
from core.store.driver import Tx

KEPT = 512

PROFILE = {
    "firstName": "first_name",
    "lastName": "last_name",
    "username": "username",
    "fullName": "name",
    "name": "name",
    "profilePictureUrl": "picture",
    "isFollower": "is_follower",
    "followerCount": "follower_count",
    "isVerified": "is_verified",
}
"""Fields that only a profile call can tell (``Program.uses["profile"]``)."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A program and its closures; ``profile`` = it reads profile fields."""

    program: Program
    linked: Linked
    profile: bool
    expire_ms: int | None


class Programs:
    """The programs of this process."""

    def __init__(self, size: int = KEPT) -> None:
        self._size = size
        self._known: OrderedDict[str, Loaded] = OrderedDict()

    def load(self, tx: Tx, hash_: str) -> Loaded:
        """The program of that hash; KeyError when the store has none."""
        known = self._known.get(hash_)
        if known is None:
            row = tx.one("SELECT body FROM program WHERE hash = ?", (hash_,))
            if row is None:
                raise KeyError(hash_)
            known = self._known[hash_] = _loaded(program_from_json(orjson.loads(row[0]), hash_))
            if len(self._known) > self._size:
                self._known.popitem(last=False)
        return known


def _loaded(program: Program) -> Loaded:
    expire = program.settings.get("expireSeconds")
    profile = any(name in PROFILE for name in program.uses.get("profile", ()))
    return Loaded(program, link(program), profile, int(expire * 1000) if expire else None)


@dataclass(slots=True)
class Bound:
    """The programs as ``step`` asks for them, within one transaction and one account."""

    programs: Programs
    tx: Tx
    flows: Mapping[str, Flow]

    def linked(self, hash: str) -> Linked:
        """The linked program of that hash."""
        return self.programs.load(self.tx, hash).linked

    def active(self, flow: str) -> str | None:
        """The live program of a flow by its id or slug; None when it is not active."""
        found = self.flows.get(flow)
        return found.hash if found else None
