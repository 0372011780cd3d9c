"""Plan and apply of a folder of flow files, over HTTP."""

from typing import Any

from core.services import flow_plan
from core.services.actor import Actor
from core.services.flow_plan.files import Asked, asked
from core.services.house import House
from core.testing.planned import Played
from flask_api.api import Blueprint
from flask_api.flows import plan_schemas
from flask_api.flows.examples import DEFINITION

ALL = "/instagram-accounts/{instagramAccountId}/flows"
FOLDER = {
    "workspace": "shop",
    "flows": [{"slug": "welcome", "file": "flows/welcome.yaml", "flowDefinition": DEFINITION}],
    "tests": [],
}
ITEM = {
    "slug": "welcome",
    "kind": "changed",
    "file": "flows/welcome.yaml",
    "flowId": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f72",
    "status": "active",
    "changes": ["document"],
    "drift": [],
    "conflicts": [],
    "reason": "",
    "differences": [{"after": ["the start"], "old": ['say "Hi!"'], "new": ['say "Hello!"'], "ways": 1}],
    "transcript": {"old": ["     0:00  flow     say: 'Hi!'"], "new": ["     0:00  flow     say: 'Hello!'"]},
    "theirs": [],
    "people": 2,
    "underWay": [{"version": 3, "nodeId": "ask_email", "status": "waiting", "people": 2}],
    "diagnostics": [],
}
ANSWER = {
    "changes": 1,
    "state": {"welcome": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f73.4.9f86d081884c7d659a2f"},
    "flows": [ITEM],
    "tests": [],
    "blocked": [],
}
APPLIED = {**ANSWER, "applyId": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f74"}


def declare(blp: Blueprint) -> None:
    """Adds the operations."""

    @blp.operation(
        "POST",
        f"{ALL}/plan",
        id="planFlows",
        role="editor",
        summary="What applying a folder of flows would do",
        body=plan_schemas.FlowsPlanBody,
        out=plan_schemas.FlowsPlanSchema,
        example=FOLDER,
        answer=ANSWER,
    )
    def plan(house: House, who: Actor, body: dict[str, Any], instagram_account_id: str) -> Any:
        """Holds each file against the server's draft and the file that was applied last, by what people would notice; counts the
        people under way; plays the tests. Nothing is written."""
        folder, player = _read(body)
        return _told(flow_plan.plan(house, who, instagram_account_id, folder, player))

    @blp.operation(
        "POST",
        f"{ALL}/apply",
        id="applyFlows",
        role="editor",
        summary="Apply a folder of flows",
        body=plan_schemas.FlowsApplyBody,
        out=plan_schemas.FlowsAppliedSchema,
        errors=(402, 409, 412),
        example={**FOLDER, "state": ANSWER["state"]},
        answer=APPLIED,
        idempotent=True,
    )
    def apply(house: House, who: Actor, body: dict[str, Any], instagram_account_id: str) -> Any:
        """All of it in one transaction, or nothing. 412 `plan_stale` names each flow that is not as the plan saw it, and why; 409
        `plan_blocked` names conflicts, errors and failed tests. Active flows go live at once; people under way end on their version."""
        folder, player = _read(body)
        given = (body["state"], body["despite_failed_tests"])
        apply_id, done = flow_plan.apply(house, who, instagram_account_id, folder, player, *given)
        return {"apply_id": apply_id, **_told(done)}


def _read(body: dict[str, Any]) -> tuple[Asked, Played]:
    return asked(body["workspace"], body["flows"], body["overwrite"]), Played(body["tests"])


def _told(planned: flow_plan.Planned) -> dict[str, Any]:
    return {
        "changes": sum(i.writes for i in planned.items),
        "state": planned.state,
        "flows": [_item(i) for i in planned.items],
        "tests": planned.tests,
        "blocked": planned.blocked,
    }


def _item(item: flow_plan.Item) -> dict[str, Any]:
    verdict = item.verdict
    return {
        "slug": item.slug,
        "kind": item.kind,
        "file": item.file.file if item.file else item.stood.base["file"] if item.stood and item.stood.base else None,
        "flow_id": item.flow_id,
        "status": item.status,
        "changes": verdict.changes,
        "drift": verdict.drift,
        "conflicts": verdict.conflicts,
        "reason": verdict.reason,
        "differences": [d.as_json() for d in item.differences],
        "transcript": item.transcript,
        "theirs": [d.as_json() for d in item.theirs],
        "people": sum(p["people"] for p in item.people),
        "under_way": item.people,
        "diagnostics": [d.as_json() for d in item.diagnostics],
    }
