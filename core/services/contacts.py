"""Contacts: listing, tags, attributes, opting out, and starting or stopping flows for one (LLD 4.5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, or_, select, update

from core.model.errors import ServiceError
from core.model.limits import ATTRIBUTE_CHARS
from core.services import audit, commands, contact_view, scope
from core.services.actor import Actor
from core.services.commands import Asked
from core.services.house import House
from core.services.paging import Page, Part, containing, part
from core.services.upsert import upsert
from core.store.tables.contacts import contact, contact_tag

ATTRIBUTES = 200
COLUMNS = {"firstName": "first_name", "lastName": "last_name"}
"""Attributes that are columns of the contact, as flows see them too."""


def listed(
    house: House, who: Actor, account_id: str, page: Page, search: str | None = None, tag: str | None = None
) -> Part:
    """An account's contacts, who wrote last first; ``search`` in user name and name, ``tag`` exactly."""
    wanted = select(contact).where(contact.c.instagram_account_id == account_id, contact.c.merged_into.is_(None))
    if search:
        like = containing(search)
        named = (contact.c.instagram_username, contact.c.first_name, contact.c.last_name, _full_name())
        wanted = wanted.where(or_(*(column.ilike(like, escape="\\") for column in named)))
    if tag:
        having = select(contact_tag.c.contact_id).where(
            contact_tag.c.instagram_account_id == account_id, contact_tag.c.name == tag
        )
        wanted = wanted.where(contact.c.contact_id.in_(having))
    newest = (func.coalesce(contact.c.last_interaction_at, contact.c.created_at).desc(), contact.c.contact_id.desc())
    with house.store.read() as tx:
        scope.an_account(tx, who, account_id)
        found = part(tx, wanted.order_by(*newest), page)
        return Part(contact_view.shown(tx, found.rows, house.clock.now()), found.total, page)


def _full_name() -> Any:
    return func.coalesce(contact.c.first_name, "") + " " + func.coalesce(contact.c.last_name, "")


def read(house: House, who: Actor, contact_id: str) -> dict[str, Any]:
    """One contact with every field of LLD 3.5."""
    with house.store.read() as tx:
        return _shown(house, tx, scope.a_contact(tx, who, contact_id))


def _shown(house: House, tx: Connection, row: RowMapping) -> dict[str, Any]:
    return contact_view.shown(tx, [row], house.clock.now())[0]


def tag(house: House, who: Actor, contact_id: str, names: Sequence[str], on: bool) -> dict[str, Any]:
    """Adds or takes tags; names are trimmed. Answers the contact."""
    now = house.clock.now()
    with house.store.write() as tx:
        row = scope.a_contact(tx, who, contact_id, lock=True)
        wanted = sorted({name.strip() for name in names})
        if on:
            at = {"contact_id": contact_id, "user_id": row["user_id"], "created_at": now}
            rows = [{**at, "instagram_account_id": row["instagram_account_id"], "name": name} for name in wanted]
            tx.execute(upsert(tx, contact_tag).values(rows).on_conflict_do_nothing())
        else:
            tx.execute(
                delete(contact_tag).where(contact_tag.c.contact_id == contact_id, contact_tag.c.name.in_(wanted))
            )
        tx.execute(update(contact).where(contact.c.contact_id == contact_id).values(updated_at=now))
        return _shown(house, tx, scope.a_contact(tx, who, contact_id))


def tags_of(house: House, who: Actor, account_id: str) -> list[dict[str, Any]]:
    """An account's tags with the number of contacts that carry each."""
    counted = select(contact_tag.c.name, func.count().label("contacts")).group_by(contact_tag.c.name)
    with house.store.read() as tx:
        scope.an_account(tx, who, account_id)
        of = counted.where(contact_tag.c.instagram_account_id == account_id).order_by(contact_tag.c.name)
        return [dict(row) for row in tx.execute(of).mappings()]


def change(house: House, who: Actor, contact_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """``custom_attributes`` are merged in (None takes one away), ``opted_out`` ends or begins automation for the contact."""
    now = house.clock.now()
    with house.store.write() as tx:
        row = scope.a_contact(tx, who, contact_id, lock=True)
        values: dict[str, Any] = {k: changes[k] for k in ("first_name", "last_name") if k in changes}
        if "custom_attributes" in changes:
            values |= _attributes(row, changes["custom_attributes"])
        if "opted_out" in changes:
            values["opted_out_at"] = (row["opted_out_at"] or now) if changes["opted_out"] else None
            data = {"optedOut": changes["opted_out"]}
            audit.record(
                tx, now, "contact.opt_out", f"contact:{contact_id}", actor=who.user_id, tenant=row["user_id"], data=data
            )
        tx.execute(update(contact).where(contact.c.contact_id == contact_id).values(**values, updated_at=now))
    if changes.get("opted_out"):
        commands.ask(house, _asked(row), {"do": "stop", "reason": "opt_out", "by": who.user_id})
    return read(house, who, contact_id)


def _attributes(row: RowMapping, given: Mapping[str, Any]) -> dict[str, Any]:
    problems = {f"customAttributes.{name}": [p] for name, value in given.items() if (p := _problem(name, value))}
    merged = {k: v for k, v in {**row["custom_attributes"], **given}.items() if v is not None and k not in COLUMNS}
    if len(merged) > ATTRIBUTES:
        problems["customAttributes"] = [f"A contact has at most {ATTRIBUTES} attributes."]
    if problems:
        raise ServiceError(400, "validation_failed", "Some attributes are not valid", problems)
    found: dict[str, Any] = {"custom_attributes": merged}
    return found | {COLUMNS[k]: v for k, v in given.items() if k in COLUMNS}


def _problem(name: str, value: Any) -> str | None:
    if not name.strip() or len(name) > 100:
        return "A name has 1 to 100 characters."
    if name in COLUMNS and not (value is None or (isinstance(value, str) and len(value) <= 200)):
        return "Not a text of at most 200 characters."
    if isinstance(value, str) and len(value) > ATTRIBUTE_CHARS:
        return f"A value has at most {ATTRIBUTE_CHARS} characters."
    if isinstance(value, list | dict) and len(str(value)) > ATTRIBUTE_CHARS:
        return f"A value has at most {ATTRIBUTE_CHARS} characters."
    return None


def start_flow(house: House, who: Actor, contact_id: str, flow_id: str, args: Mapping[str, Any]) -> None:
    """Asks for a run of an active flow. Raises ServiceError 404, 409 flow_not_published."""
    with house.store.read() as tx:
        row = scope.a_contact(tx, who, contact_id)
        found = scope.a_flow(tx, who, flow_id)
        if found["instagram_account_id"] != row["instagram_account_id"]:
            raise ServiceError(404, "not_found", "The contact's account has no such flow")
        if found["status"] != "active" or not found["published_version_id"]:
            raise ServiceError(409, "flow_not_published", "The flow is not active: publish and activate it first")
    commands.ask(house, _asked(row), {"do": "start", "flowId": flow_id, "args": dict(args), "by": who.user_id})


def stop_flow(house: House, who: Actor, contact_id: str, forget: bool) -> None:
    """Asks that all runs of the contact end; ``forget`` = triggers that fire once may fire again (reset)."""
    with house.store.read() as tx:
        row = scope.a_contact(tx, who, contact_id)
    commands.ask(house, _asked(row), {"do": "reset" if forget else "stop", "by": who.user_id})


def _asked(row: Mapping[Any, Any]) -> Asked:
    return Asked(row["user_id"], row["instagram_account_id"], row["contact_id"])
