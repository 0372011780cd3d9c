"""Recorded conversations over HTTP: one as data, as a flow test, on another version."""

from typing import Any

from core.model.errors import ServiceError
from core.services import recordings
from core.services.actor import Actor
from core.services.house import House
from core.testing.flowtest.from_run import Unrecordable, test_of
from flask_api.api import Blueprint
from flask_api.flows import recording_schemas as schemas

ONE = "/runs/{runId}"
TEST = "file: welcome.yaml\ntests:\n- name: a recorded conversation\n  start: {dm: hi}\n  steps:\n  - expect: {say: Hello!}\n"
TURN = {"at": "2026-01-05T10:00:00Z", "came": "The flow starts (dm_keyword).", "lines": ["Sends “Hello!”."]}
RECORDED = {
    "flow": "0197f7a0-0000-7000-8000-000000000001",
    "program": "ir1:0123456789abcdef0123456789abcdef",
    "ids": ["0197f7a0-0000-7000-8000-000000000002", "0197f7a0-0000-7000-8000-000000000003"],
    "contact": {"firstName": "Ana"},
    "tags": [],
    "segments": [],
    "account": {"username": "shop"},
    "wroteAgo": 0,
    "events": [{"at": 1767607200000, "event": {"kind": "started"}, "path": [["start", "start#next"]]}],
}
REPLAYED = {
    "runId": "0197f7a0-0000-7000-8000-000000000002",
    "version": 3,
    "same": False,
    "difference": {
        "event": 0,
        "after": ["The flow starts (dm_keyword)."],
        "old": ["Sends “Hi!”."],
        "new": ["Sends “Hello!”."],
    },
    "leftAt": None,
    "transcript": [TURN],
}


def declare(blp: Blueprint) -> None:
    """Adds the operations."""

    @blp.operation(
        "GET",
        f"{ONE}/recording",
        id="getRunRecording",
        role="editor",
        summary="A conversation that was had",
        out=schemas.RecordingSchema,
        errors=(409,),
        answer=RECORDED,
    )
    def recording(house: House, who: Actor, run_id: str) -> Any:
        """What came to the run, for `instaflow flow record` and `flow diff --conversations`. Kept for 14 days."""
        found = recordings.of_run(house, who, run_id)
        return {**found.as_json(), "wrote_ago": found.wrote_ago}

    @blp.operation(
        "GET",
        f"{ONE}/test",
        id="getRunTest",
        role="editor",
        summary="A conversation as a flow test",
        query=schemas.TestQuery,
        out=schemas.TestText,
        errors=(409,),
        answer={"text": TEST},
    )
    def test(house: House, who: Actor, query: dict[str, Any], run_id: str) -> Any:
        """A YAML test that passes on the version that the run was had on. Names, addresses and texts that change nothing are replaced."""
        found, program, shelf = recordings.with_program(house, who, run_id)
        try:
            return {"text": test_of(found, program, shelf, query["file"], query["name"])}
        except Unrecordable as e:
            raise ServiceError(409, "run_not_recorded", str(e)) from e

    @blp.operation(
        "POST",
        f"{ONE}/replay",
        id="replayRun",
        role="editor",
        summary="A conversation on another version",
        body=schemas.ReplayBody,
        out=schemas.ReplaySchema,
        errors=(409,),
        example={"version": 3},
        answer=REPLAYED,
    )
    def replay(house: House, who: Actor, body: dict[str, Any], run_id: str) -> Any:
        """The recorded events are given to that version; nothing is sent. `difference`: where it first does something else than the version
        that the run was had on."""
        return recordings.replay(house, who, run_id, body["version"])
