"""What the log says of calls: each trouble once, after the commit, with ids and without words (decisions 19 and 38)."""

import logging

import pytest

from tests.runtime_out.conftest import OutHouse
from tests.runtime_out.graph import error


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, "core")
    return caplog


def warnings(told: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    found = [r for r in told.records if r.levelno >= logging.WARNING]
    return [(r.message, getattr(r, "reason", "")) for r in found]


def test_a_call_that_ends_is_a_debug_line_with_its_ids(house: OutHouse, told: pytest.LogCaptureFixture) -> None:
    row = house.row("a secret wish", trace_id="t-1")
    house.put(row)
    house.dispatcher().once()
    (line,) = [r for r in told.records if r.message == "send settled"]
    assert (line.levelno, vars(line)["trace"], vars(line)["outcome"]) == (logging.DEBUG, "t-1", "sent")
    assert vars(line)["account"] == house.account and vars(line)["contact"] == house.contact and vars(line)["ms"] >= 0
    assert "secret wish" not in str([vars(r) for r in told.records])


def test_a_throttled_lane_is_told_once_however_many_calls_were_under_way(
    house: OutHouse, told: pytest.LogCaptureFixture
) -> None:
    house.put(*[house.row(contact=house.new_contact(f"8361200000003{n:02}")) for n in range(12)])
    house.graph.answer = lambda s: error(4)
    house.dispatcher().once()
    assert [w[0] for w in warnings(told)] == ["an account's sends pause"]


def test_a_dead_token_is_told_once(house: OutHouse, told: pytest.LogCaptureFixture) -> None:
    house.put(*[house.row(contact=house.new_contact(f"8361200000003{n:02}")) for n in range(12)])
    house.graph.answer = lambda s: error(190, 463, 401, "Session of IGAAtoken has expired")
    house.dispatcher().once()
    assert [w[0] for w in warnings(told)] == ["an account cannot be used"]
    assert "IGAAtoken" not in str([vars(r) for r in told.records])


def test_a_breaker_and_a_dead_letter_are_told(house: OutHouse, told: pytest.LogCaptureFixture) -> None:
    house.put(*[house.row(contact=house.new_contact(f"8361200000003{n:02}")) for n in range(5)])
    dispatcher = house.dispatcher(graph_url="http://127.0.0.1:1")
    dispatcher.once()
    assert ("an account's sends pause", "breaker") in warnings(told)
    for _ in range(12):
        house.clock.move(hours=1)
        house.run("UPDATE lane SET paused_until = 0, failures = 0, probing = 0")
        dispatcher.once()
    dead = [vars(r) for r in told.records if r.message == "a call is a dead letter"]
    assert dead and len(dead) == house.one("SELECT count(*) FROM dead_letter")[0]
    assert all(d["account"] == house.account and d["code"] for d in dead)
