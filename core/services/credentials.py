"""Setting passwords: strong ones only, and with it every session ends."""

from sqlalchemy import Connection, RowMapping, delete, select, update

from core.model.errors import ServiceError
from core.services import audit, passwords, sessions
from core.store.tables.people import mail_token, user


def strong(password: str, *near: str) -> None:
    """Raises ServiceError 400 for a weak password."""
    weakness = passwords.weakness(password, *near)
    if weakness:
        raise ServiceError(400, "validation_failed", weakness, {"password": [weakness]})


def no_resets(tx: Connection, user_id: str) -> None:
    """Reset links that were mailed before are worth nothing any more."""
    tx.execute(delete(mail_token).where(mail_token.c.user_id == user_id, mail_token.c.kind == "reset"))


def set_password(tx: Connection, now: int, user_id: str, stored: str, action: str) -> RowMapping:
    """Stores the hash and ends every session of the person: refresh tokens at once, access tokens by their version."""
    values = {"password_hash": stored, "token_version": user.c.token_version + 1, "updated_at": now}
    tx.execute(update(user).where(user.c.user_id == user_id).values(values))
    sessions.end(tx, now, user_id=user_id)
    no_resets(tx, user_id)
    audit.record(tx, now, action, f"user:{user_id}", actor=user_id)
    return tx.execute(select(user).where(user.c.user_id == user_id)).mappings().one()
