"""The tests of a flow, played for the API."""

from collections.abc import Mapping
from typing import Any

from core.model.errors import ServiceError
from core.services import compiling, flow_publish
from core.services.actor import Actor
from core.services.house import House
from core.testing.flowtest import Unplayable, read_suite, run_suite


def tested(house: House, who: Actor, source: Mapping[str, Any], tests: str, account_id: str | None) -> dict[str, Any]:
    """Plays ``tests`` (YAML, ``core.testing.flowtest``) on the flow; its subflows are the account's active flows.

    Raises ServiceError 409 flow_has_errors, 400 for tests that cannot be read.
    """
    done = compiling.compiled(house, who, source, account_id)
    if done.program is None or not done.ok:
        raise flow_publish.refused(done.diagnostics)
    try:
        suite = read_suite(tests, needs_file=False)
    except Unplayable as e:
        details = {"problems": [p.as_json() for p in e.problems]}
        raise ServiceError(400, "validation_failed", "The tests cannot be read", details) from e
    on = compiling.shelf(house, who, done.program, account_id, source.get("flow_id"))
    report = run_suite(suite.file or "tests", suite, done.program, on)
    return {"diagnostics": [d.as_json() for d in done.diagnostics], **report.as_json()}
