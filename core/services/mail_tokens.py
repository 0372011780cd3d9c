"""Links by mail: password resets and e-mail verification. A token is used once; only its hash is stored."""

import secrets

from sqlalchemy import Connection, delete, insert, select, update

from core.model.errors import ServiceError
from core.services import audit, credentials, mail, passwords, sessions, throttle
from core.services.house import House
from core.services.sessions import Client
from core.store.ids import new_id
from core.store.tables.people import mail_token, user

LIVES_MS = {"reset": 3600 * 1000, "verify": 3 * 24 * 3600 * 1000}


def send_verification(house: House, user_id: str, email: str) -> None:
    """Asks the person to prove the address."""
    token = _make(house, user_id, "verify")
    link = f"{house.settings.public_url}/verify-email#token={token}"
    mail.send(
        house, email, "Please confirm your e-mail address", f"Open this link to confirm your address:\n\n{link}\n"
    )


def forgot(house: House, email: str, client: Client) -> None:
    """Sends a reset link when the person exists; answers the same when not. Raises 429."""
    email = email.strip().lower()
    counted = throttle.keys("forgot", email, client.address)
    throttle.check(house, counted)
    throttle.count(house, counted)
    with house.store.read() as tx:
        found = tx.execute(select(user.c.user_id).where(user.c.email == email, user.c.status == "active")).scalar()
    if found is None:
        return
    link = f"{house.settings.public_url}/reset-password#token={_make(house, found, 'reset')}"
    text = f"Open this link within an hour to choose another password:\n\n{link}\n\nIf it was not you, do nothing.\n"
    mail.send(house, email, "Choose another password", text)


def reset(house: House, token: str, new: str) -> None:
    """Sets the password by a reset link and ends every session. Raises 400 invalid_token or a weak password."""
    with house.store.read() as tx:
        owner = _owner(house, tx, token, "reset")
        person = tx.execute(select(user).where(user.c.user_id == owner)).mappings().one()
    credentials.strong(new, person["email"], person["first_name"], person["last_name"])
    stored = passwords.hashed(new)
    with house.store.write() as tx:
        _use(house, tx, token, "reset")
        credentials.set_password(tx, house.clock.real(), owner, stored, "auth.password_reset")


def verify(house: House, token: str) -> None:
    """The address is proven. Raises 400 invalid_token."""
    with house.store.write() as tx:
        owner = _use(house, tx, token, "verify")
        tx.execute(update(user).where(user.c.user_id == owner).values(email_verified_at=house.clock.real()))
        audit.record(tx, house.clock.real(), "auth.email_verified", f"user:{owner}", actor=owner)


def _make(house: House, user_id: str, kind: str) -> str:
    token, now = secrets.token_urlsafe(32), house.clock.real()
    with house.store.write() as tx:
        tx.execute(delete(mail_token).where(mail_token.c.user_id == user_id, mail_token.c.kind == kind))
        tx.execute(
            insert(mail_token).values(
                mail_token_id=new_id(),
                user_id=user_id,
                kind=kind,
                token_hash=sessions.digest(token),
                expires_at=now + LIVES_MS[kind],
                created_at=now,
            )
        )
    return token


def _owner(house: House, tx: Connection, token: str, kind: str) -> str:
    live = select(mail_token.c.user_id).where(
        mail_token.c.token_hash == sessions.digest(token),
        mail_token.c.kind == kind,
        mail_token.c.used_at.is_(None),
        mail_token.c.expires_at > house.clock.real(),
    )
    found: str | None = tx.execute(live).scalar()
    if found is None:
        raise ServiceError(400, "invalid_token", "The link is wrong, used or too old")
    return found


def _use(house: House, tx: Connection, token: str, kind: str) -> str:
    owner = _owner(house, tx, token, kind)
    mine = (mail_token.c.token_hash == sessions.digest(token)) & mail_token.c.used_at.is_(None)
    if tx.execute(update(mail_token).where(mine).values(used_at=house.clock.real())).rowcount != 1:
        raise ServiceError(400, "invalid_token", "The link is wrong, used or too old")
    return owner
