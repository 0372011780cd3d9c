"""A preview and a real run wait until the same millisecond."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.engine import Shelf, simulate
from core.lang import compile_definition
from tests.runtime_in import flows

ZONES = ["Europe/Berlin", "America/New_York", "America/Santiago", "Mars/Base", "UTC"]
clock_times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 30, 59]))
stretches = st.lists(clock_times, min_size=2, max_size=2, unique=True).map("-".join)
days = st.sampled_from(["mon-fri", "sat", "sun", "fri-sat", "mon-sun"])
moments = st.one_of(
    st.datetimes(datetime(2025, 6, 1), datetime(2029, 1, 1)).map(lambda t: t.isoformat(timespec="minutes")),  # noqa: DTZ001
    st.integers(1_700_000_000, 1_900_000_000),
    st.integers(1_700_000_000_000, 1_900_000_000_000),
    st.sampled_from(["9999-12-31T23:59", "2026-10-25T02:30", "2026-03-29T02:30", "09:00", "soon"]),
)
waits = st.one_of(
    st.builds(dict, durationSeconds=st.integers(1, 366 * 24 * 3600)),
    st.builds(dict, until=clock_times),
    st.builds(dict, businessHours=st.dictionaries(days, stretches, min_size=1)),
)
times = st.one_of(
    st.integers(1_767_225_600_000, 1_798_761_600_000),  # the year 2026
    st.sampled_from([1_792_881_000_000, 1_792_884_600_000, 1_774_746_000_000]),  # within the changes of Berlin
)


def node(wait: Mapping[str, Any], moment: Any) -> dict[str, Any]:
    """The wait as the canvas writes it; with a moment, until what the contact's attribute says."""
    return {"type": "wait", "until": "{{contact.eta}}"} if moment is not None else {"type": "wait", **wait}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wait=waits,
    moment=st.one_of(st.none(), moments),
    whose=st.sampled_from(["contact", "account"]),
    theirs=st.sampled_from(ZONES),
    ours=st.sampled_from(["Europe/Berlin", "UTC"]),
    now=times,
)
def test_a_preview_and_a_real_run_wait_until_the_same_moment(
    stage: Any, wait: Any, moment: Any, whose: str, theirs: str, ours: str, now: int
) -> None:
    stage.clock.at, stage.n = now, stage.n + 1
    stage.settings({"timezone": ours})
    flow = flows.chain(
        {"type": "set_attribute", "target": "contact.timezone", "value": theirs},
        {"type": "set_attribute", "target": "contact.eta", "value": moment},
        {**node(wait, moment), "timeZone": whose},
        {"type": "message", "content": {"text": "Good morning"}},
    )
    word = f"word{stage.n}"
    stage.flow(word, flow, {"type": "dm_keyword", "keyword": word})
    stage.says(word, contact=word)
    real = stage.one("SELECT fire_at FROM timer WHERE contact_id = ?", stage.contact(word))

    program = compile_definition(flow, stage.registry).program
    assert program is not None
    account = {"timezone": ours}
    script = {"now": now, "account": account, "events": [{"type": "text", "text": word}]}
    assert [t["at"] for t in simulate(Shelf([program]), program.hash, script)["timers"]] == [real]
