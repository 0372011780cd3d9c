"""A flow's versions over HTTP."""

from typing import Any

from core.services import flow_diff, flow_versions, runs
from core.services.actor import Actor
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.fields import PageQuery
from flask_api.flows import examples, schemas
from flask_api.flows.etag import ETAG, tagged
from flask_api.paged import PAGED, page_of, paged

ONE = "/flows/{flowId}"


def declare(blp: Blueprint) -> None:
    """Adds the operations."""

    @blp.operation(
        "GET",
        f"{ONE}/versions",
        id="listFlowVersions",
        role="editor",
        summary="A flow's published versions",
        query=PageQuery,
        out=schemas.VersionListed(many=True),
        headers=PAGED,
    )
    def list_versions(house: House, who: Actor, query: dict[str, Any], flow_id: str) -> Any:
        """The newest first."""
        found = flow_versions.listed(house, who, flow_id, page_of(query))
        return paged(found.rows, found)

    @blp.operation(
        "GET",
        f"{ONE}/versions/{{number}}",
        id="getFlowVersion",
        role="editor",
        summary="One published version",
        out=schemas.VersionSchema,
    )
    def get_version(house: House, who: Actor, flow_id: str, number: int) -> Any:
        """With its definition as it was."""
        return flow_versions.read(house, who, flow_id, number)

    @blp.operation(
        "POST",
        f"{ONE}/versions/{{number}}/restore",
        id="restoreFlowVersion",
        role="editor",
        summary="Take a version back as the draft",
        out=schemas.FlowSchema,
        headers=ETAG,
    )
    def restore(house: House, who: Actor, flow_id: str, number: int) -> Any:
        """What is live does not change until it is published."""
        return tagged(flow_versions.restore(house, who, flow_id, number))

    @blp.operation(
        "GET",
        f"{ONE}/versions/{{a}}/diff/{{b}}",
        id="diffFlowVersions",
        role="editor",
        summary="What another version does differently",
        out=schemas.VersionDiffSchema,
        errors=(409,),
        answer=examples.DIFFERENT,
    )
    def diff(house: House, who: Actor, flow_id: str, a: int, b: int) -> Any:
        """For the people who meet the flow, not in its writing: after which answers, what version `a` does and what version `b` does
        instead, each on the shortest way. `conversations`: how many of the newest recorded ones go otherwise on version `b`, and the
        first of them. 0 = the draft."""
        return flow_diff.diff(house, who, flow_id, a, b)

    @blp.operation(
        "GET",
        f"{ONE}/publish-report",
        id="getPublishReport",
        role="editor",
        summary="What publishing would meet",
        out=schemas.ReportSchema,
    )
    def report(house: House, who: Actor, flow_id: str) -> Any:
        """The people under way by version and step, and what the compiler says."""
        return runs.report(house, who, flow_id)
