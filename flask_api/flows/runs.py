"""Runs over HTTP: who is under way, what happened, retry, move, cancel."""

from typing import Any

from core.services import run_causes, runs
from core.services.actor import Actor
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.flows import schemas
from flask_api.paged import PAGED, page_of, paged

ONE = "/runs/{runId}"
ASKS = {
    "retry": "A paused or errored run enters its step again.",
    "cancel": "The run ends; nothing more is said.",
}
MANY = {
    "retry": "Every live run that this stopped enters its step again.",
    "move": "Those that can move go to the live version, or to the one named; `left` tells why the others cannot.",
    "cancel": "Every live run that this stopped ends; nothing more is said.",
}


def declare(blp: Blueprint) -> None:
    """Adds the operations."""

    @blp.operation(
        "GET",
        "/flows/{flowId}/runs",
        id="listRuns",
        role="editor",
        summary="A flow's runs",
        query=schemas.RunsQuery,
        out=schemas.RunSchema(many=True),
        headers=PAGED,
    )
    def list_runs(house: House, who: Actor, query: dict[str, Any], flow_id: str) -> Any:
        """The newest first, by status and error code."""
        found = runs.listed(house, who, flow_id, page_of(query), query.get("status"), query.get("error_code"))
        return paged(found.rows, found)

    @blp.operation(
        "POST",
        f"{ONE}/move",
        id="moveRun",
        role="editor",
        summary="Move a run to another version",
        body=schemas.MoveBody,
        out=schemas.RunAsked,
        status=202,
        errors=(409,),
        example={"version": 3},
    )
    def move(house: House, who: Actor, body: dict[str, Any], run_id: str) -> Any:
        """To the live version unless one is named; the step it waits in must be there, with the same kind of wait."""
        return runs.ask(house, who, run_id, "move", body["version"])

    @blp.operation(
        "GET", f"{ONE}/trace", id="getRunTrace", role="editor", summary="What a run did", out=schemas.TraceSchema
    )
    def trace(house: House, who: Actor, run_id: str) -> Any:
        """Every step with the path it took."""
        return runs.trace(house, who, run_id)

    for word, text in ASKS.items():
        _ask(blp, word, text)
    _causes(blp)


def _causes(blp: Blueprint) -> None:
    @blp.operation(
        "GET",
        "/flows/{flowId}/runs/causes",
        id="listRunCauses",
        role="editor",
        summary="What stopped a flow's runs",
        out=schemas.CauseSchema(many=True),
    )
    def causes(house: House, who: Actor, flow_id: str) -> Any:
        """Paused and errored runs by error code and step, the commonest cause first."""
        return run_causes.causes(house, who, flow_id)

    for word, text in MANY.items():
        _ask_all(blp, word, text)


def _ask_all(blp: Blueprint, word: str, text: str) -> None:
    def ask(house: House, who: Actor, body: dict[str, Any], flow_id: str) -> Any:
        return run_causes.ask(house, who, flow_id, word, body)

    ask.__doc__ = text
    blp.operation(
        "POST",
        f"/flows/{{flowId}}/runs/{word}",
        id=f"{word}Runs",
        role="editor",
        summary=f"{word.capitalize()} all runs of one cause",
        body=schemas.MoveCauseBody if word == "move" else schemas.CauseBody,
        out=schemas.CauseAsked,
        status=202,
        errors=(409,) if word == "move" else (),
        example={"errorCode": "http_500", "nodeId": "subscribe"},
        answer={"asked": 12, "left": []},
    )(ask)


def _ask(blp: Blueprint, word: str, text: str) -> None:
    def ask(house: House, who: Actor, run_id: str) -> Any:
        return runs.ask(house, who, run_id, word)

    ask.__doc__ = text
    blp.operation(
        "POST",
        f"{ONE}/{word}",
        id=f"{word}Run",
        role="editor",
        summary=f"{word.capitalize()} a run",
        out=schemas.RunAsked,
        status=202,
        errors=(409,),
    )(ask)
