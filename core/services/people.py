"""One's own profile, sign-ins and leaving."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.exc import IntegrityError

from core.model.errors import ServiceError
from core.services import audit, auth, credentials, mail_tokens, passwords, sessions
from core.services.actor import Actor
from core.services.house import House
from core.store.tables.accounts import account
from core.store.tables.people import user

TAKEN = "Somebody has registered with this e-mail already"


def me(house: House, who: Actor) -> RowMapping:
    """One's own row."""
    with house.store.read() as tx:
        return tx.execute(select(user).where(user.c.user_id == who.user_id)).mappings().one()


def change(house: House, who: Actor, changes: Mapping[str, Any]) -> RowMapping:
    """Changes first_name, last_name or email (which is then to be verified anew). A new email needs ``current_password``:
    who holds a stolen sign-in must not take the account over. Raises 400, 401 invalid_credentials, 409 email_taken."""
    values = {k: v for k, v in changes.items() if k != "current_password"}
    if "email" in values:
        values["email"] = auth.address_of(values["email"])
        _prove(house, who, values["email"], changes.get("current_password"))
    try:
        moved = _write(house, who, values)
    except IntegrityError as e:
        raise ServiceError(409, "email_taken", TAKEN) from e
    if moved:
        mail_tokens.send_verification(house, who.user_id, moved)
    return me(house, who)


def _prove(house: House, who: Actor, email: str, password: str | None) -> None:
    person = me(house, who)
    if person["email"] == email:
        return
    if not password:
        raise ServiceError(
            400,
            "validation_failed",
            "A new e-mail needs your password",
            {"currentPassword": ["Needed to change the e-mail."]},
        )
    if not passwords.verify(person["password_hash"], password):
        raise ServiceError(401, "invalid_credentials", "The password is wrong")


def _write(house: House, who: Actor, values: dict[str, Any]) -> str | None:
    """Answers the new address when it changed."""
    moved: str | None = None
    with house.store.write() as tx:
        old = tx.execute(select(user).where(user.c.user_id == who.user_id)).mappings().one()
        if values.get("email", old["email"]) != old["email"]:
            moved = values["email"]
            if tx.execute(select(user.c.user_id).where(user.c.email == moved)).first():
                raise ServiceError(409, "email_taken", TAKEN)
            values["email_verified_at"] = None
            credentials.no_resets(tx, who.user_id)
        now = house.clock.real()
        tx.execute(update(user).where(user.c.user_id == who.user_id).values(**values, updated_at=now))
    return moved


def erase(house: House, who: Actor, password: str) -> None:
    """Erases the person with everything that is theirs. Raises 401 when the password is wrong."""
    person = me(house, who)
    if not passwords.verify(person["password_hash"], password):
        raise ServiceError(401, "invalid_credentials", "The password is wrong")
    from core.services import erasing, media

    with house.store.write() as tx:
        theirs = select(account.c.instagram_account_id).where(account.c.user_id == who.user_id)
        accounts = list(tx.execute(theirs).scalars())
        erasing.workspace(tx, who.user_id)
        tx.execute(delete(user).where(user.c.user_id == who.user_id))
        audit.record(tx, house.clock.real(), "user.erase", f"user:{who.user_id}", actor=None, tenant=None)
    media.drop(house, accounts)


def sign_ins(house: House, who: Actor) -> list[dict[str, Any]]:
    """One's live sign-ins; ``current`` marks the one that asks."""
    return [{**s, "current": s["session_id"] == who.session} for s in sessions.listed(house, who.user_id)]


def end_sign_in(house: House, who: Actor, session_id: str) -> None:
    """Ends one of one's own sign-ins. Raises 404."""
    if session_id not in {s["session_id"] for s in sessions.listed(house, who.user_id)}:
        raise ServiceError(404, "not_found", "There is no such session")
    with house.store.write() as tx:
        sessions.end(tx, house.clock.real(), family=session_id)


def end_others(house: House, who: Actor) -> None:
    """Ends all of one's sign-ins but this one."""
    with house.store.write() as tx:
        sessions.end(tx, house.clock.real(), user_id=who.user_id, but=who.session)
