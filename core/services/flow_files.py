"""Flows in and out as files: the stored draft as text, and a text as a new draft."""

from typing import Any

from core.lang.locales import whole
from core.model.errors import ServiceError
from core.services import compiling, flow_draft, flows, scope
from core.services.actor import Actor
from core.services.house import House


def exported(house: House, who: Actor, flow_id: str, format: str) -> tuple[str, str]:
    """(file name, text) of a flow's draft with its triggers; ``format`` = json, yaml or flow, which are the endings too.

    Raises ServiceError 404, 409 flow_unsayable.
    """
    with house.store.read() as tx:
        row = scope.a_flow(tx, who, flow_id)
        envelope = flow_draft.envelope(tx, row)
    return f"{row['slug']}.{format}", compiling.printed(envelope, format)


def imported(
    house: House, who: Actor, account_id: str, text: str, format: str | None, name: str = ""
) -> dict[str, Any]:
    """A new draft from a text in any notation; its short name must be free. Raises ServiceError 400 flow_unreadable, 402, 404,
    409 slug_taken."""
    wrapped = whole(compiling.read_text(text, format), {}, ())
    definition = wrapped["flowDefinition"]
    if not isinstance(definition, dict):
        raise ServiceError(400, "flow_unreadable", "flowDefinition must be an object")
    slug = wrapped.get("slug")
    title = name or str(wrapped.get("name") or slug or "Imported flow")
    triggers = [t for t in wrapped.get("triggers") or () if isinstance(t, dict)]
    new = flows.Draft(
        name=title[:200],
        definition=definition,
        description=str(wrapped.get("description") or ""),
        slug=slug if isinstance(slug, str) else None,
        triggers=triggers,
    )
    return flows.create(house, who, account_id, new)
