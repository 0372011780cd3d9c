"""``instaflow user``: people from the command line: creating them, changing their platform role."""

import secrets
import sys
from typing import Any

import click
from sqlalchemy import update

from core.clock import SystemClock
from core.host.registry import Registry
from core.services import auth, credentials, passwords
from core.services.house import House
from core.settings import load
from core.store.migrate import check
from core.store.store import Store
from core.store.tables.people import USER_ROLE, user


@click.group(epilog="Example: instaflow user create ana@example.org --role admin")
def command() -> None:
    """Create users, change roles."""


def _house() -> House:
    settings = load()
    check(settings.database_url)
    return House(settings, Store(settings.database_url), SystemClock(), Registry())


@command.command(epilog="Example: instaflow user create ana@example.org --role admin --password-stdin < secret.txt")
@click.argument("email")
@click.option("--role", type=click.Choice(USER_ROLE), default="user", show_default=True, help="Platform role.")
@click.option("--first-name", default="", help="First name.")
@click.option("--last-name", default="", help="Last name.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def create(email: str, role: str, first_name: str, last_name: str, password_stdin: bool) -> None:
    """Create a person with a workspace of their own. Without --password-stdin a password is made and printed once."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(18)
    house = _house()
    address = auth.address_of(email)
    credentials.strong(password, address, first_name, last_name)
    stored = passwords.hashed(password)
    with house.store.write() as tx:
        person = auth.create(tx, house.clock.real(), address, stored, first_name, last_name, role)
    click.echo(f"created {person['email']} ({role}), id {person['user_id']}")
    if not password_stdin:
        click.echo(f"password: {password}")


@command.command(epilog="Example: instaflow user role ana@example.org admin")
@click.argument("email")
@click.argument("role", type=click.Choice(USER_ROLE))
def role(email: str, role: str) -> None:
    """Change a person's platform role: admin = operator of the installation, user, agent. Open sessions end."""
    house = _house()
    values: dict[str, Any] = {"role": role, "token_version": user.c.token_version + 1}
    with house.store.write() as tx:
        changed = tx.execute(update(user).where(user.c.email == email.strip().lower()).values(values)).rowcount
    if not changed:
        raise click.ClickException(f"nobody has registered with {email}")
    click.echo(f"{email.strip().lower()} is {role} now")
