"""Telephone numbers inside an answer, in E.164 when the country is known."""

import re
from collections.abc import Mapping
from typing import Any

from core.engine.scope import Scope

_SPOKEN = re.compile(r"(?:\+|00)?\s*\(?\d[\d\s().\-/\u00a0]{5,24}\d")
_REGION = re.compile(r"[A-Za-z]{2}\Z")


def phone(answer: str, spec: Mapping[str, Any], scope: Scope) -> str | None:
    """The one number in the answer. The country comes from "+" or 00, else from ``country`` of the question, the contact or
    the account; without any, 7 to 15 digits are taken as typed.

    >>> phone("call +49 171 1234567", {}, Scope()), phone("0171 1234567", {"country": "DE"}, Scope())
    ('+491711234567', '+491711234567')
    >>> phone("0171 1234567", {}, Scope()), phone("12", {}, Scope())
    ('01711234567', None)
    """
    found = _SPOKEN.findall(answer[:200])
    if len(found) != 1:
        return None
    typed = re.sub(r"\(0\)", "", found[0]) if found[0].lstrip().startswith(("+", "00")) else found[0]
    digits = re.sub(r"\D", "", typed)
    if typed.lstrip().startswith("+"):
        return _e164("+" + digits, None)
    if digits.startswith("00"):
        return _e164("+" + digits[2:], None)
    region = region_of(spec, scope)
    if region is not None:
        return _e164(digits, region)
    return digits if 7 <= len(digits) <= 15 else None


def region_of(spec: Mapping[str, Any], scope: Scope) -> str | None:
    """The two letters of the country to read a national number in."""
    places = (spec.get("country"), scope.contact.get("country"), scope.account.get("country"))
    return next((p.upper() for p in places if isinstance(p, str) and _REGION.match(p)), None)


def _e164(text: str, region: str | None) -> str | None:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
