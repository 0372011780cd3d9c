"""Answers read as text, e-mail, phone, number, date, choice or link: a typed value, or None when it is not one."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from core.engine import dates
from core.engine.phones import phone
from core.engine.scope import Scope
from core.engine.values import tidy
from core.model.fold import plain
from core.model.limits import ATTRIBUTE_CHARS

Reader = Callable[[str, Mapping[str, Any], Scope], Any]

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"@]+")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}\Z")
_NUMBER = re.compile(
    r"(?<![\w.,])[+-]?\d{1,3}(?:[,' \u00a0]\d{3})+(?:\.\d+)?(?![\w]|[.,]\d)|(?<![\w.,])[+-]?\d+(?:[.,]\d+)?(?![\w]|[.,]\d)"
)
_URL = re.compile(r"(?i)\bhttps?://[^\s<>\"]{3,2000}|\b(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/[^\s<>\"]{0,2000})?")


def text(answer: str, spec: Mapping[str, Any], scope: Scope) -> str | None:
    """Any text that is not blank."""
    return answer.strip()[:ATTRIBUTE_CHARS] or None


def email(answer: str, spec: Mapping[str, Any], scope: Scope) -> str | None:
    """The one address inside the answer, in lower case.

    >>> email("Sure, it is Ana@Mail.example.", {}, Scope())
    'ana@mail.example'
    >>> email("a@b", {}, Scope()), email("two@a.example or three@b.example", {}, Scope())
    (None, None)
    """
    found = {_address(m[0].rstrip(".!?'")) for m in _ADDRESS.finditer(answer[:1000])}
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def _address(candidate: str) -> str | None:
    local, _, domain = candidate.lstrip("'").removeprefix("mailto").rpartition("@")
    if not candidate.isascii():
        return _international(candidate)
    fits = len(local) <= 64 and len(candidate) <= 254 and _LOCAL.match(local) and _DOMAIN.match(domain)
    return f"{local}@{domain}".lower() if fits else None


def _international(candidate: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(candidate, check_deliverability=False, test_environment=True).normalized
    except (EmailNotValidError, ValueError):
        return None


def number(answer: str, spec: Mapping[str, Any], scope: Scope) -> Any:
    """The one number inside the answer; a comma before exactly three digits groups, any other is a decimal comma.

    >>> [number(a, {}, Scope()) for a in ("I am 25", "1,250.50", "2,5 kg", "3 or 4", "none")]
    [25, 1250.5, 2.5, None, None]
    """
    found = [m[0] for m in _NUMBER.finditer(answer[:200])]
    if len(found) != 1:
        return None
    raw = re.sub(r"[' \u00a0]", "", found[0])
    raw = raw.replace(",", "") if re.search(r",\d{3}(?!\d)", raw) else raw.replace(",", ".")
    return tidy(float(raw)) if len(raw) <= 40 else None


def url(answer: str, spec: Mapping[str, Any], scope: Scope) -> str | None:
    """The first link inside the answer, with https:// when it names no scheme.

    >>> url("see example.com/shop!", {}, Scope())
    'https://example.com/shop'
    """
    match = _URL.search(answer[:3000])
    if match is None or answer[max(0, match.start() - 1) : match.start()] == "@":
        return None
    found = match[0].rstrip(".,!?;:)'")
    return found if "://" in found else f"https://{found}"


def date(answer: str, spec: Mapping[str, Any], scope: Scope) -> str | None:
    """A day as ISO text; see ``core.engine.dates``."""
    return dates.day(answer, scope)


def choice(answer: str, spec: Mapping[str, Any], scope: Scope) -> Any:
    """One of ``options`` (texts, or {value|payload, text|title}): by value, title, position, or as the only title in the answer.

    >>> options = {"options": ["Small", {"value": "L", "text": "Large"}]}
    >>> [choice(a, options, Scope()) for a in ("large please", "L", "1", "both small and large")]
    ['L', 'L', 'Small', None]
    """
    options = [_option(o) for o in spec.get("options") or ()]
    said = plain(answer[:1000])
    for value, title in options:
        if answer.strip() == value or said == plain(str(value)) or said == plain(title):
            return value
    place = said.lstrip("#")
    if place.isdecimal() and len(place) < 4 and 1 <= int(place) <= len(options):
        return options[int(place) - 1][0]
    inside = [value for value, title in options if plain(title) and f" {plain(title)} " in f" {said} "]
    return inside[0] if len(inside) == 1 else None


def _option(option: Any) -> tuple[Any, str]:
    if not isinstance(option, Mapping):
        return str(option), str(option)
    title = option.get("text") or option.get("title") or ""
    value = option.get("value", option.get("payload"))
    return (title if value is None else value), str(title)


READERS: dict[str, Reader] = {
    "text": text,
    "email": email,
    "phone": phone,
    "number": number,
    "date": date,
    "choice": choice,
    "url": url,
}
"""By input type. A type that is not here is read as text (plugins' types are expanded to a pattern at lowering)."""

TAPPED = frozenset({"email", "phone", "choice"})
"""Types whose answer may come as a tap without an exit of its own (pre-filled quick replies, options shown as buttons)."""
