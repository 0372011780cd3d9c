"""The fields of trigger types that look for keywords."""

from collections.abc import Mapping
from typing import Any

import re2
from marshmallow import ValidationError, validates_schema

from instaflow import fold
from instaflow.fields import Anything, Choice, Flag, Text
from plugins.triggers._base import TriggerSchema

MODES = ("exact", "starts", "word", "contains", "regex")
KEYWORD_CHARS = 10_000
PATTERN_CHARS = 1000


class KeywordSchema(TriggerSchema):
    """Adds keyword, match, exclude and caseSensitive. Whether a keyword is needed, the type says."""

    keyed = "keyword"
    needs_keyword = False

    keyword = Text(
        KEYWORD_CHARS, title="Keywords", description="separated by commas; a regular expression is one keyword"
    )
    match = Choice(*MODES, title="How the keyword must stand in the text", default="word")
    excluded = Anything(
        data_key="exclude", title="Words that forbid it", description="a list, or a text separated by commas"
    )
    caseSensitive = Flag(title="Capitals and accents count", default=False)

    @validates_schema(skip_on_field_errors=True)
    def _keywords(self, data: Mapping[str, Any], **_more: Any) -> None:
        keyword = data.get("keyword") or ""
        if self.needs_keyword and not keyword.strip():
            raise ValidationError("is missing: without one it would take every message", "keyword")
        if data.get("match") == "regex":
            _check_pattern(keyword)
        elif any(part.strip() and not fold(part) for part in keyword.split(",")):
            raise ValidationError("holds a keyword of invisible characters only", "keyword")
        _check_exclude(data.get("excluded"))


def _check_pattern(pattern: str) -> None:
    if len(pattern) > PATTERN_CHARS:
        raise ValidationError(f"must have at most {PATTERN_CHARS} characters as a regular expression", "keyword")
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as e:
        reason = e.args[0].decode() if e.args and isinstance(e.args[0], bytes) else str(e)
        raise ValidationError(f"is not a regular expression that RE2 can read: {reason}", "keyword") from e


def _check_exclude(exclude: Any) -> None:
    if exclude is None or isinstance(exclude, str):
        return
    if not isinstance(exclude, list) or not all(isinstance(word, str) for word in exclude):
        raise ValidationError("must be a list of words, or a text separated by commas", "exclude")
