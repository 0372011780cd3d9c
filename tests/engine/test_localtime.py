"""Local times to instants: zones, gaps, overlaps, opening hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engine.localtime import DAYS, FURTHEST, due, instant, local_now, moment

BERLIN = {"timezone": "Europe/Berlin"}
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "UTC"]
MINUTE = 60_000


def ms(text):
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("local", "at"),
    [
        ("2026-06-01T12:00", "2026-06-01T10:00Z"),
        ("2026-03-29T02:30", "2026-03-29T01:00Z"),
        ("2026-10-25T02:30", "2026-10-25T00:30Z"),
        ("2026-10-25T03:00", "2026-10-25T02:00Z"),
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
        ({"until": {"time": "02:30"}}, "2026-10-25T00:45Z", "2026-10-26T01:30Z"),
        ({"until": {"time": "02:30"}}, "2026-03-28T22:00Z", "2026-03-29T01:00Z"),
        ({"until": {"time": "24:00"}}, "2026-06-01T07:00Z", "2026-06-01T22:00Z"),
        ({"until": {"time": "9:5"}}, "2026-06-01T07:00Z", "2026-06-01T07:00Z"),
        ({"until": {"time": "24:01"}}, "2026-06-01T07:00Z", "2026-06-01T07:00Z"),
        ({"until": {"time": "nonsense"}}, "2026-06-01T07:00Z", "2026-06-01T07:00Z"),
        ({"until": {"at": "2026-12-24T18:00"}}, "2026-06-01T07:00Z", "2026-12-24T17:00Z"),
        ({"until": {"at": "2026-12-24T18:00:00+00:00"}}, "2026-06-01T07:00Z", "2026-12-24T18:00Z"),
        ({"until": {"at": "2020-01-01"}}, "2026-06-01T07:00Z", "2026-06-01T07:00Z"),
        ({"until": {"at": None}}, "2026-06-01T07:00Z", "2026-06-01T07:00Z"),
        ({"until": {"at": 1_780_300_000}}, "2026-06-01T07:00Z", "2026-06-01T07:46:40Z"),
        ({"until": {"at": 1_780_300_000_000}}, "2026-06-01T07:00Z", "2026-06-01T07:46:40Z"),
        ({"until": {"at": float("inf")}}, "2026-06-01T07:00Z", "2026-06-01T07:00Z"),
        ({"until": {"at": " 09:30 "}}, "2026-06-01T07:00Z", "2026-06-01T07:30Z"),
        ({"until": {"at": "9999-12-31T23:59"}}, "2026-06-01T07:00Z", "2027-06-02T07:00Z"),
        ({"seconds": 10**12}, "2026-06-01T07:00Z", "2027-06-02T07:00Z"),
        ({"hours": {"days": {"mon": [["09:00", "17:00"]]}}}, "2026-06-01T08:00Z", "2026-06-01T08:00Z"),
        ({"hours": {"days": {"mon": [["09:00", "17:00"]]}}}, "2026-06-01T15:00Z", "2026-06-08T07:00Z"),
        ({"hours": {"days": {"mon": [["22:00", "02:00"]]}}}, "2026-06-01T23:00Z", "2026-06-01T23:00Z"),
        ({"hours": {"days": {"tue": [["09:00", "24:00"]]}}}, "2026-06-02T21:59Z", "2026-06-02T21:59Z"),
        ({"hours": {"days": {"mon": [["22:00", "02:00"]]}}}, "2026-06-02T00:00Z", "2026-06-08T20:00Z"),
        ({"hours": {"days": {"mon": [["22:00", "02:00"]]}}}, "2026-06-01T19:00Z", "2026-06-01T20:00Z"),
        ({"hours": {"days": {"sat": [["22:00", "02:30"]]}}}, "2026-10-25T00:29Z", "2026-10-25T00:29Z"),
        ({"hours": {"days": {"sat": [["22:00", "02:30"]]}}}, "2026-10-25T00:30Z", "2026-10-31T21:00Z"),
        ({"hours": {"days": {"sun": [["02:15", "02:45"]]}}}, "2026-03-28T12:00Z", "2026-04-05T00:15Z"),
        ({"hours": {"days": {"tue": [["09:00", "24:00"]]}}}, "2026-06-02T21:59:59.999Z", "2026-06-02T21:59:59.999Z"),
        ({"hours": {"days": {"tue": [["09:00", "24:00"]]}}}, "2026-06-02T22:00Z", "2026-06-09T07:00Z"),
        ({"hours": {"days": {}}}, "2026-06-01T07:00Z", "2026-06-01T07:00Z"),
    ],
)
def test_when_a_timer_is_due(spec, now, at):
    assert due(spec, ms(now), BERLIN, {"timezone": "UTC"}) == ms(at)


def test_a_day_that_a_zone_left_out_has_no_opening_and_its_times_are_the_next_midnight():
    """Samoa went from Thursday the 29th to Saturday the 31st of December 2011."""
    apia, now = {"timezone": "Pacific/Apia"}, ms("2011-12-29T20:00-10:00")
    assert due({"until": {"time": "09:00"}}, now, apia, {}) == ms("2011-12-31T00:00+14:00")
    assert due({"hours": {"days": {"fri": [["09:00", "17:00"]]}}}, now, apia, {}) == ms("2012-01-06T09:00+14:00")


times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
stretches = st.lists(times, min_size=2, max_size=2, unique=True)


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
    st.dictionaries(st.sampled_from(DAYS), st.lists(stretches, max_size=2)),
)
@settings(max_examples=150, deadline=None)
def test_the_next_opening_is_open_and_nothing_between_now_and_it_is(name, now, days):
    where, now = ZoneInfo(name), instant(now.replace(second=0, microsecond=0), UTC)
    at = due({"hours": {"days": days}}, now, {"timezone": name}, {})
    assert now <= at < now + 16 * 24 * 60 * MINUTE
    if at > now:
        assert is_open(days, at, where)
    before = range(now, at, 15 * MINUTE)
    assert not any(is_open(days, t, where) for t in before)
    assert (
        at > now
        or is_open(days, now, where)
        or not any(is_open(days, now + h * 15 * MINUTE, where) for h in range(1400))
    )


def is_open(days, now, where):
    """Asked differently: is there a stretch of yesterday or today whose two ends, as instants, have this one between them?"""
    today = local_now(now, where).replace(hour=0, minute=0, second=0, microsecond=0)
    for day in (today - timedelta(days=1), today):
        for opens, closes in days.get(DAYS[day.weekday()], ()):
            start, end = (datetime.combine(day, datetime.strptime(t, "%H:%M").time()) for t in (opens, closes))  # noqa: DTZ007
            if instant(start, where) <= now < instant(end + timedelta(days=end <= start), where):
                return True
    return False


@given(st.sampled_from(ZONES), st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001
@settings(max_examples=300, deadline=None)
def test_a_wall_time_is_read_back_or_was_left_out(name, local):
    where = ZoneInfo(name)
    at = instant(local.replace(microsecond=0), where)
    back = local_now(at, where)
    assert back == local.replace(microsecond=0) or (back > local and local_now(at - 1, where) < local)


def test_no_timer_is_further_away_than_a_year_or_in_the_past():
    assert due({"until": {"at": 10**400}}, 0, {}, {}) == due({"seconds": 10**30}, 0, {}, {}) == FURTHEST
    assert due({"seconds": -5}, 7, {}, {}) == due({"until": {"at": -(10**30)}}, 7, {}, {}) == 7


def test_an_unknown_zone_falls_through_to_the_accounts():
    spec = {"until": {"time": "09:00"}}
    assert due(spec, ms("2026-06-01T06:00Z"), {"timezone": "Mars/Base"}, BERLIN) == ms("2026-06-01T07:00Z")
    assert due(spec, ms("2026-06-01T06:00Z"), {"timezone": 5}, {}) == ms("2026-06-01T09:00Z")


def test_instants_are_seconds_milliseconds_or_iso_text():
    assert moment(1_772_000_000, UTC) == moment(1_772_000_000_000, UTC) == moment("2026-02-25T06:13:20Z", UTC)
    assert moment("soon", UTC) is moment(None, UTC) is moment("99999-01-01", UTC) is None
