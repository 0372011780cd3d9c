"""Registering, signing in and out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.model.errors import ServiceError
from core.services import audit, credentials, mail_tokens, passwords, plans, sessions, throttle
from core.services.house import House
from core.services.sessions import Client, Session
from core.store.ids import new_id
from core.store.tables.people import refresh_token, user


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who registers."""

    email: str
    password: str
    first_name: str = ""
    last_name: str = ""


def address_of(email: str) -> str:
    """An e-mail address in the form in which it is stored. Raises ServiceError 400 when it is none."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(email, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as e:
        raise ServiceError(400, "validation_failed", "The e-mail address is not valid", {"email": [str(e)]}) from e
    return found.normalized.lower()


def register(house: House, who: Newcomer, client: Client) -> Session:
    """A new person with a workspace of their own, signed in. Raises 403 registration_closed, 409 email_taken, 400, 429."""
    if house.settings.registration != "open":
        raise ServiceError(403, "registration_closed", "This installation takes no new registrations")
    email = address_of(who.email)
    credentials.strong(who.password, email, who.first_name, who.last_name)
    counted = throttle.keys("register", email, client.address)
    throttle.check(house, counted)
    stored = passwords.hashed(who.password)
    try:
        with house.store.write() as tx:
            person = create(tx, house.clock.real(), email, stored, who.first_name, who.last_name)
            session = sessions.begin(tx, person, client, house.clock.real())
            audit.record(tx, house.clock.real(), "auth.register", f"user:{person['user_id']}", actor=person["user_id"])
    except ServiceError:
        throttle.count(house, counted)
        raise
    mail_tokens.send_verification(house, person["user_id"], email)
    return session


def create(
    tx: Connection, now: int, email: str, stored: str, first_name: str = "", last_name: str = "", role: str = "user"
) -> Mapping[str, Any]:
    """The row of a new person with the default plan. Raises ServiceError 409 email_taken."""
    values = {
        "user_id": new_id(),
        "email": email,
        "password_hash": stored,
        "first_name": first_name,
        "last_name": last_name,
        "role": role,
        "token_version": 0,
        "subscription_plan_id": plans.default(tx, now),
    }
    try:
        with tx.begin_nested():
            tx.execute(insert(user).values(**values, created_at=now, updated_at=now))
    except IntegrityError as e:
        raise ServiceError(409, "email_taken", "Somebody has registered with this e-mail already") from e
    return values


def login(house: House, email: str, password: str, client: Client) -> Session:
    """Signs in. Raises 401 invalid_credentials (whatever was wrong, in the same time), 403 account_suspended, 429."""
    email = email.strip().lower()
    counted = throttle.keys("login", email, client.address)
    throttle.check(house, counted)
    with house.store.read() as tx:
        person = tx.execute(select(user).where(user.c.email == email)).mappings().first()
    if not passwords.verify(person["password_hash"] if person else None, password) or person is None:
        throttle.count(house, counted)
        raise ServiceError(401, "invalid_credentials", "E-mail or password is wrong")
    if person["status"] != "active":
        raise ServiceError(403, "account_suspended", "This user is suspended")
    fresh = passwords.hashed(password) if passwords.outdated(person["password_hash"]) else None
    now = house.clock.real()
    with house.store.write() as tx:
        if fresh:
            tx.execute(update(user).where(user.c.user_id == person["user_id"]).values(password_hash=fresh))
        throttle.clear(tx, counted)
        audit.record(tx, now, "auth.login", f"user:{person['user_id']}", actor=person["user_id"])
        return sessions.begin(tx, person, client, now)


def logout(house: House, token: str | None, family: str | None) -> None:
    """Ends the sign-in of a refresh token, or of an access token's family. Silent when there is none."""
    now = house.clock.real()
    with house.store.write() as tx:
        if token:
            table = refresh_token
            found = tx.execute(select(table.c.family).where(table.c.token_hash == sessions.digest(token))).scalar()
            family = found or family
        if family:
            sessions.end(tx, now, family=family)


def change_password(house: House, user_id: str, old: str, new: str, client: Client) -> Session:
    """Sets another password and ends all sessions; answers a new one. Raises 401 when the old password is wrong."""
    with house.store.read() as tx:
        person = tx.execute(select(user).where(user.c.user_id == user_id)).mappings().one()
    counted = throttle.keys("login", person["email"], client.address)
    throttle.check(house, counted)
    if not passwords.verify(person["password_hash"], old):
        throttle.count(house, counted)
        raise ServiceError(401, "invalid_credentials", "The present password is wrong")
    credentials.strong(new, person["email"], person["first_name"], person["last_name"])
    with house.store.write() as tx:
        changed = credentials.set_password(
            tx, house.clock.real(), user_id, passwords.hashed(new), "auth.password_change"
        )
        return sessions.begin(tx, changed, client, house.clock.real())
