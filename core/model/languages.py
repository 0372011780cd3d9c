"""Languages of contacts and flows: which of those that a flow speaks somebody reads."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*\Z")
"""A language as it is written in flows: ``en``, ``pt-br``, ``zh-hant``."""


def tag_of(value: Any) -> str:
    """A language's tag from what profiles, attributes and people write; "" when it is none.

    >>> tag_of("de_AT"), tag_of(" EN "), tag_of("German"), tag_of(None)
    ('de-at', 'en', '', '')
    """
    tag = value.strip().lower().replace("_", "-") if isinstance(value, str) else ""
    return tag if TAG.match(tag) else ""


def chosen(wanted: Iterable[Any], spoken: Collection[str]) -> str | None:
    """The first language of ``wanted`` that is among ``spoken``, exactly or by its first part; None when none is.

    >>> chosen(["pt_BR", "de"], {"de", "pt"}), chosen(["pt"], {"pt-br"}), chosen(["fr", None], {"de"})
    ('pt', 'pt-br', None)
    """
    for value in wanted:
        tag = tag_of(value)
        if not tag:
            continue
        first = tag.partition("-")[0]
        if tag in spoken or first in spoken:
            return tag if tag in spoken else first
        near = sorted(s for s in spoken if s.partition("-")[0] == first)
        if near:
            return near[0]
    return None


def of_contact(contact: Mapping[str, Any], account: Mapping[str, Any], spoken: Collection[str]) -> str | None:
    """The language for a contact: the attribute ``language``, the profile's ``locale``, the account's ``language``.

    >>> of_contact({"locale": "es_MX"}, {"language": "de"}, {"de", "es"}), of_contact({}, {}, {"de"})
    ('es', None)
    """
    return chosen((contact.get("language"), contact.get("locale"), account.get("language")), spoken)
