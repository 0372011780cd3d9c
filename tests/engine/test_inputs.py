"""What counts as an answer of each type, and the value that is kept."""

import pytest

from core.engine.inputs import READERS
from core.engine.scope import Scope

NOW = 1_772_000_000_000


def read(kind, answer, contact=None, account=None, **spec):
    scope = Scope(NOW)
    scope.contact, scope.account = contact or {}, account or {}
    return READERS[kind](answer, spec, scope)


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("ana@mail.example", "ana@mail.example"),
        ("Sure! It's Ana.Lopez+shop@Mail.Example, thanks", "ana.lopez+shop@mail.example"),
        ("<ana@mail.example>", "ana@mail.example"),
        ("mail me: ana@mail.example!", "ana@mail.example"),
        ("ana@mail.example or ANA@mail.example", "ana@mail.example"),
        ("ana@münchen.de", "ana@münchen.de"),
        ("ana@mail", None),
        ("ana@@mail.example", None),
        ("a..b@mail.example", None),
        (".a@mail.example", None),
        ("ana@-mail.example", None),
        ("ana@mail.1", None),
        (f"{'a' * 65}@mail.example", None),
        ("one@a.example, two@b.example", None),
        ("no address", None),
        ("@" * 500, None),
    ],
)
def test_email(answer, value):
    assert read("email", answer) == value


@pytest.mark.parametrize(
    ("answer", "places", "value"),
    [
        ("+49 171 1234567", {}, "+491711234567"),
        ("0049 (0)171 / 123 45 67", {}, "+491711234567"),
        ("call me: 0171-1234567 please", {"contact": {"country": "de"}}, "+491711234567"),
        ("(202) 555-0143", {"account": {"country": "US"}}, "+12025550143"),
        ("0171 1234567", {"country": "DE", "account": {"country": "US"}}, "+491711234567"),
        ("0171 1234567", {}, "01711234567"),
        ("+1 2", {}, None),
        ("+999 1234567", {}, None),
        ("12345", {}, None),
        ("none of your business", {}, None),
    ],
)
def test_phone(answer, places, value):
    assert read("phone", answer, **places) == value


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("25", 25),
        ("I am 25", 25),
        ("-3.5", -3.5),
        ("2,5 kg", 2.5),
        ("1,250", 1250),
        ("1,250.50", 1250.5),
        ("1 250 000", 1250000),
        ("3 or 4", None),
        ("1.2.3", None),
        ("B2B", None),
        ("five", None),
        ("9" * 60, None),
    ],
)
def test_number(answer, value):
    assert read("number", answer) == value


@pytest.mark.parametrize(
    ("answer", "account", "value"),
    [
        ("2026-12-24", {}, "2026-12-24"),
        ("24.12.2026", {}, "2026-12-24"),
        ("on 24/12/26, please", {}, "2026-12-24"),
        ("12/24/2026", {}, "2026-12-24"),
        ("03/04/2026", {}, "2026-04-03"),
        ("03/04/2026", {"locale": "en-US"}, "2026-03-04"),
        ("1.2.85", {}, "1985-02-01"),
        ("Dec 24", {}, "2026-12-24"),
        ("the 1st of January", {}, "2027-01-01"),
        ("March 3rd, 2030", {}, "2030-03-03"),
        ("today", {}, "2026-02-25"),
        ("tomorrow!", {"timezone": "Pacific/Kiritimati"}, "2026-02-26"),
        ("31.02.2026", {}, None),
        ("soon", {}, None),
    ],
)
def test_date(answer, account, value):
    assert read("date", answer, account=account) == value


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("L", "L"),
        ("large", "L"),
        ("LARGE, please!", "L"),
        ("2", "L"),
        ("#1", "Small"),
        ("small", "Small"),
        ("small or large", None),
        ("3", None),
        ("0", None),
        ("huge", None),
        ("", None),
    ],
)
def test_choice(answer, value):
    assert read("choice", answer, options=["Small", {"value": "L", "text": "Large"}]) == value


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("https://shop.example/a?b=c", "https://shop.example/a?b=c"),
        ("see shop.example/a.", "https://shop.example/a"),
        ("(http://shop.example)", "http://shop.example"),
        ("ana@shop.example", None),
        ("no link", None),
    ],
)
def test_url(answer, value):
    assert read("url", answer) == value


@pytest.mark.parametrize(("answer", "value"), [("  hi there ", "hi there"), ("   ", None), ("x" * 9999, "x" * 4096)])
def test_text(answer, value):
    assert read("text", answer) == value
