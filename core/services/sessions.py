"""Sign-in sessions: rotating refresh tokens in families, of which a reused one ends the whole family (decision 34)."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.model.errors import ServiceError
from core.services.house import House
from core.store.ids import new_id
from core.store.tables.people import refresh_token, user

REFRESH_MS = 30 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Client:
    """The other end of a request: its address and how it names itself."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in just made or renewed. ``refresh`` is the new refresh token in the clear; only its hash is stored."""

    user_id: str
    email: str
    role: str
    token_version: int
    family: str
    refresh: str
    refresh_expires_at: int


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(tx: Connection, person: Any, client: Client, now: int) -> Session:
    """A new family for the person (a row of the user table)."""
    return _issue(tx, person, new_id(), client, now)


def _issue(tx: Connection, person: Any, family: str, client: Client, now: int) -> Session:
    token, expires = secrets.token_urlsafe(48), now + REFRESH_MS
    tx.execute(
        insert(refresh_token).values(
            refresh_token_id=new_id(),
            user_id=person["user_id"],
            family=family,
            token_hash=digest(token),
            expires_at=expires,
            user_agent=client.agent[:300],
            address=client.address[:64],
            created_at=now,
        )
    )
    return Session(person["user_id"], person["email"], person["role"], person["token_version"], family, token, expires)


def renew(house: House, token: str, client: Client) -> Session:
    """The next token of the family. Raises ServiceError 401; a token that was used before ends the family."""
    now = house.clock.real()
    with house.store.write() as tx:
        hashed = refresh_token.c.token_hash == digest(token)
        row = tx.execute(select(refresh_token).where(hashed).with_for_update()).mappings().first()
        if row is not None and row["used_at"] is not None and row["revoked_at"] is None:
            end(tx, now, family=row["family"])
            reused = True
        else:
            reused = False
            person = _renewable(tx, row, now)
            used = refresh_token.c.refresh_token_id == row["refresh_token_id"]  # type: ignore[index]
            tx.execute(update(refresh_token).where(used).values(used_at=now))
            session = _issue(tx, person, row["family"], client, now)  # type: ignore[index]
    if reused:
        raise ServiceError(401, "refresh_reused", "The refresh token was used before: the sign-in is ended")
    return session


def _renewable(tx: Connection, row: Any, now: int) -> Any:
    person = None
    if row is not None and row["revoked_at"] is None and row["expires_at"] > now:
        found = select(user).where(user.c.user_id == row["user_id"], user.c.status == "active")
        person = tx.execute(found).mappings().first()
    if person is None:
        raise ServiceError(401, "invalid_refresh", "The refresh token is wrong, expired or revoked")
    return person


def end(tx: Connection, now: int, *, family: str | None = None, user_id: str | None = None, but: str = "") -> int:
    """Revokes one family, or all of a person's but one. Answers the number of tokens revoked."""
    mine = refresh_token.c.family == family if family else refresh_token.c.user_id == user_id
    still = mine & refresh_token.c.revoked_at.is_(None)
    if but:
        still &= refresh_token.c.family != but
    return tx.execute(update(refresh_token).where(still).values(revoked_at=now)).rowcount


STANDING = """
SELECT u.role FROM "user" u WHERE u.user_id = ? AND u.status = 'active' AND u.token_version = ? AND EXISTS
(SELECT 1 FROM refresh_token r WHERE r.family = ? AND r.user_id = u.user_id AND r.revoked_at IS NULL)
"""


def standing(house: House, user_id: str, family: str, version: Any) -> str | None:
    """The person's present role, or None when the session has ended. One indexed read, on every request."""
    if len(user_id) != 36 or len(family) != 36 or not isinstance(version, int):
        return None
    with house.store.db.read() as tx:
        row = tx.one(STANDING, (user_id, version, family))
    return None if row is None else str(row[0])


def listed(house: House, user_id: str) -> list[dict[str, Any]]:
    """A person's live sign-ins, the newest first: family, when begun, last used, from where, with what."""
    now = house.clock.real()
    with house.store.read() as tx:
        mine = select(refresh_token).where(refresh_token.c.user_id == user_id).order_by(refresh_token.c.created_at)
        rows = tx.execute(mine).mappings().all()
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = found.setdefault(row["family"], {"session_id": row["family"], "created_at": row["created_at"]})
        entry |= {"last_used_at": row["created_at"], "address": row["address"], "user_agent": row["user_agent"]}
        entry["live"] = row["revoked_at"] is None and row["expires_at"] > now
    return [e for e in reversed(found.values()) if e["live"]]
