"""Keywords of triggers in every language: who has not written yet has no language, so all of them count."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.lang.conditions import words_of
from core.lang.locales.table import Table
from core.model.texts import word_of


def trigger_key(trigger: Mapping[str, Any], n: int = 1) -> str | None:
    """The key of a trigger's keywords; None when it has none that could be translated.

    >>> trigger_key({"type": "dm_keyword", "keyword": "free guide, guide"})
    'when.dm_keyword.FREE_GUIDE'
    """
    words = trigger.get("keyword")
    if not isinstance(words, str) or not words.strip() or trigger.get("match") == "regex":
        return None
    return f"when.{trigger.get('type')}.{word_of(words_of(words), n)}"


def trigger_slots(triggers: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Key and words of every trigger that has keywords."""
    for n, trigger in enumerate(triggers, 1):
        key = trigger_key(trigger, n)
        if key is not None:
            yield key, words_of(trigger["keyword"])


def spoken_triggers(
    triggers: Sequence[Mapping[str, Any]], locales: Mapping[str, Table]
) -> tuple[Mapping[str, Any], ...]:
    """The triggers with the translated keywords beside their own.

    >>> spoken_triggers([{"type": "dm_keyword", "keyword": "shop"}], {"de": {"when.dm_keyword.SHOP": "laden, shop"}})
    ({'type': 'dm_keyword', 'keyword': 'shop, laden'},)
    """
    if not locales:
        return tuple(triggers)
    return tuple(_spoken(trigger, n, locales) for n, trigger in enumerate(triggers, 1))


def _spoken(trigger: Mapping[str, Any], n: int, locales: Mapping[str, Table]) -> Mapping[str, Any]:
    key = trigger_key(trigger, n)
    given = [table[key] for table in locales.values() if key is not None and table.get(key)]
    if not given:
        return trigger
    words = [*words_of(trigger["keyword"]), *(w for value in given for w in words_of(value))]
    return {**trigger, "keyword": ", ".join(dict.fromkeys(words))}
