"""Why a trigger does not take an event, in words for the person who wonders."""

from core.model.fold import fold
from core.model.inbound import Inbound
from core.model.nodetype import TriggerRow, TriggerType
from core.runtime.match.keywords import compiled
from core.runtime.match.precedence import mode_of
from core.runtime.match.values import values
from core.runtime.match.words import MATCHED_CHARS, cased, keywords_of, matches

KINDS = {
    "message": "messages",
    "postback": "button and menu taps",
    "referral": "ig.me links",
    "reaction": "reactions",
    "comment": "comments",
    "live_comment": "live comments",
    "follow": "follows",
}
SHOWN = 5
"""Keywords named in one reason."""


def quiet(event: Inbound, follow: bool) -> str | None:
    """The reason why no trigger at all takes the event, or None."""
    if event.get("standby"):
        return "another app owns the thread"
    if event.get("is_self"):
        return "it is the account's own"
    if event["kind"] == "follow" and not follow:
        return "follows start flows only where the account's switch experimentalFollow is on"
    return None


def kind_reason(type_: TriggerType, event: Inbound) -> str:
    """It looks at other kinds of events."""
    looks = " and ".join(sorted(KINDS.get(k, k) for k in type_.kinds))
    return f"it looks at {looks}, not at {KINDS.get(event['kind'], event['kind'])}"


def excluded(row: TriggerRow, event: Inbound) -> str | None:
    """The excluded word that the text holds, as a reason; words are matched whole."""
    exclude = row.options.get("exclude")
    if not exclude:
        return None
    words = exclude if isinstance(exclude, list) else keywords_of(str(exclude))
    text = fold(event.get("text", "")[:MATCHED_CHARS])
    found = next((word for word in words if matches(text, fold(str(word)), "word")), None)
    return None if found is None else f"the text holds the excluded word '{found}'"


def keyword_reason(row: TriggerRow, event: Inbound) -> str | None:
    """Why none of the trigger's keywords is in the text the way its mode asks; None when one is, or when it has none."""
    mode = mode_of(row.options)
    words = keywords_of(row.keyword, mode)
    if not words:
        return None
    text = event.get("text", "")[:MATCHED_CHARS]
    if not text.strip():
        return "there is no text"
    exact_case = row.options.get("caseSensitive") is True
    if mode == "regex":
        pattern = compiled(words[0], exact_case)
        if pattern is None:
            return f"'{words[0]}' is not a regular expression"
        return None if pattern.search(cased(text)) else f"the text does not match {words[0]}"
    form = cased if exact_case else fold
    if any(matches(form(text), form(word), mode) for word in words):
        return None
    return _missed(fold(text), words, mode, exact_case)


def _missed(text: str, words: list[str], mode: str, exact_case: bool) -> str:
    near = next((word for word in words if fold(word) and fold(word) in text), None)
    if near is None:
        more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
        return f"the text has none of: {', '.join(words[:SHOWN])}{more}"
    if exact_case and matches(text, fold(near), mode):
        return f"'{near}' is there with other capitals or accents"
    if not matches(text, fold(near), "word"):
        return f"'{near}' is there only inside a longer word"
    return f"the text does not begin with '{near}'" if mode == "starts" else f"the text is more than '{near}'"


def value_reason(keyed: str, wanted: object, event: Inbound) -> str | None:
    """Why the event's payload, ref or ad is not the wanted one; an empty wish is always met."""
    found = dict(values(event)).get(keyed)
    if not wanted or found == str(wanted):
        return None
    return f"its {keyed} is '{wanted}', not '{found}'" if found else f"the event carries no {keyed}"
