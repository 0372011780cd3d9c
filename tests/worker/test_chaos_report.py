"""What the chaos report calls well."""

from core.cli.chaos_count import Report


def test_deleting_the_queue_may_cost_a_second_at_most() -> None:
    assert Report().well
    assert Report(calm_p99_ms=300, flush_p99_ms=1300).well
    slow = Report(calm_p99_ms=300, flush_p99_ms=1301)
    assert not slow.well and "NOT WELL" in slow.text() and "1301 ms" in slow.text()
    assert not Report(missing=["p:1"]).well and not Report(violations=["x"]).well
