"""Local times to instants: zones, gaps, overlaps, opening hours."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.engine.localtime import due, instant, moment

BERLIN = {"timezone": "Europe/Berlin"}


def ms(text):
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("local", "at"),
    [
        ("2026-06-01T12:00", "2026-06-01T10:00Z"),
        ("2026-03-29T02:30", "2026-03-29T01:00Z"),
        ("2026-10-25T02:30", "2026-10-25T00:30Z"),
    ],
)
def test_gaps_end_after_them_and_overlaps_take_the_first(local, at):
    assert instant(datetime.fromisoformat(local), ZoneInfo("Europe/Berlin")) == ms(at)


@pytest.mark.parametrize(
    ("spec", "now", "at"),
    [
        ({"seconds": 90}, "2026-06-01T10:00Z", "2026-06-01T10:01:30Z"),
        ({"until": {"time": "09:00", "zone": "contact"}}, "2026-06-01T06:59Z", "2026-06-01T07:00Z"),
        ({"until": {"time": "09:00"}}, "2026-06-01T07:00Z", "2026-06-02T07:00Z"),
        ({"until": {"time": "09:00", "zone": "account"}}, "2026-06-01T08:30Z", "2026-06-01T09:00Z"),
        ({"until": {"time": "nonsense"}}, "2026-06-01T07:00Z", "2026-06-01T07:00Z"),
        ({"until": {"at": "2026-12-24T18:00"}}, "2026-06-01T07:00Z", "2026-12-24T17:00Z"),
        ({"until": {"at": "2026-12-24T18:00:00+00:00"}}, "2026-06-01T07:00Z", "2026-12-24T18:00Z"),
        ({"until": {"at": "2020-01-01"}}, "2026-06-01T07:00Z", "2026-06-01T07:00Z"),
        ({"until": {"at": None}}, "2026-06-01T07:00Z", "2026-06-01T07:00Z"),
        ({"hours": {"days": {"mon": [["09:00", "17:00"]]}}}, "2026-06-01T08:00Z", "2026-06-01T08:00Z"),
        ({"hours": {"days": {"mon": [["09:00", "17:00"]]}}}, "2026-06-01T15:00Z", "2026-06-08T07:00Z"),
        ({"hours": {"days": {"mon": [["22:00", "02:00"]]}}}, "2026-06-01T23:00Z", "2026-06-01T23:00Z"),
        ({"hours": {"days": {"tue": [["09:00", "24:00"]]}}}, "2026-06-02T21:59Z", "2026-06-02T21:59Z"),
        ({"hours": {"days": {}}}, "2026-06-01T07:00Z", "2026-06-01T07:00Z"),
    ],
)
def test_when_a_timer_is_due(spec, now, at):
    assert due(spec, ms(now), BERLIN, {"timezone": "UTC"}) == ms(at)


def test_an_unknown_zone_falls_through_to_the_accounts():
    spec = {"until": {"time": "09:00"}}
    assert due(spec, ms("2026-06-01T06:00Z"), {"timezone": "Mars/Base"}, BERLIN) == ms("2026-06-01T07:00Z")
    assert due(spec, ms("2026-06-01T06:00Z"), {"timezone": 5}, {}) == ms("2026-06-01T09:00Z")


def test_instants_are_seconds_milliseconds_or_iso_text():
    assert moment(1_772_000_000, UTC) == moment(1_772_000_000_000, UTC) == moment("2026-02-25T06:13:20Z", UTC)
    assert moment("soon", UTC) is moment(None, UTC) is moment("99999-01-01", UTC) is None
