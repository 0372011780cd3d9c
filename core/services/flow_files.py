"""Flows in and out as files: the stored draft as text, and a text as a new draft."""

from collections.abc import Mapping
from typing import Any

from core.lang.locales import whole
from core.lang.revisions import carried, placed
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


def changed(
    house: House, who: Actor, flow_id: str, text: str, format: str | None, more: Mapping[str, Any], revision: int | None
) -> dict[str, Any]:
    """Saves a text as the flow's draft, with what it says of name, description and triggers; ``more`` = other changes, which win.

    Steps that the draft has too keep their ids when nobody wrote one, and their places on the canvas. Raises ServiceError 400
    flow_unreadable, and as ``flows.change``.
    """
    document, automatic = compiling.read_source(text, format)
    wrapped = whole(document, {}, ())
    definition = wrapped["flowDefinition"]
    if not isinstance(definition, dict):
        raise ServiceError(400, "flow_unreadable", "flowDefinition must be an object")
    with house.store.read() as tx:
        row = scope.a_flow(tx, who, flow_id)
    before = row["flow_definition"]
    changes: dict[str, Any] = {"flow_definition": placed(carried(definition, before, automatic), before)}
    if isinstance(wrapped.get("triggers"), list):
        changes["triggers"] = [t for t in wrapped["triggers"] if isinstance(t, dict)]
    changes |= {k: wrapped[k][:n] for k, n in _SAID.items() if isinstance(wrapped.get(k), str) and wrapped[k]}
    return flows.change(house, who, flow_id, {**changes, **more}, row["revision"] if revision is None else revision)


_SAID = {"name": 200, "description": 5000}
"""What a text says of its flow, and how long it may be."""


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
