"""Flows in and out as files, over HTTP."""

from typing import Any

from core.services import flow_files
from core.services.actor import Actor
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.flows import examples, file_schemas, schemas
from flask_api.flows.etag import ETAG, tagged

YAML = "flow: hello\nsteps:\n  hello: {say: Hello!}\n"


def declare(blp: Blueprint) -> None:
    """Adds the operations."""

    @blp.operation(
        "GET",
        "/flows/{flowId}/export",
        id="exportFlow",
        role="editor",
        summary="A flow as a file",
        query=file_schemas.ExportQuery,
        out=file_schemas.ExportedSchema,
        errors=(409,),
    )
    def export(house: House, who: Actor, query: dict[str, Any], flow_id: str) -> Any:
        """The draft with its triggers; importing it gives the same flow. 409 for a draft that the text language cannot say."""
        name, text = flow_files.exported(house, who, flow_id, query["format"])
        return {"file_name": name, "format": query["format"], "text": text}

    @blp.operation(
        "POST",
        "/instagram-accounts/{instagramAccountId}/flows/import",
        id="importFlow",
        role="editor",
        summary="A file as a new flow",
        body=file_schemas.ImportBody,
        out=schemas.FlowSchema,
        status=201,
        errors=(402, 409),
        example={"text": YAML},
        answer=examples.CREATED,
        headers=ETAG,
        idempotent=True,
    )
    def import_(house: House, who: Actor, body: dict[str, Any], instagram_account_id: str) -> Any:
        """Saved as a draft whatever the compiler says of it. 400 with line and column for a text that is no flow; 409 when the
        account has a flow of that slug."""
        made = flow_files.imported(
            house, who, instagram_account_id, body["text"], body.get("format"), body.get("name") or ""
        )
        return tagged(made, 201)
