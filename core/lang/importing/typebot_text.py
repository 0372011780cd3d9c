"""Words of a Typebot export: rich text as plain text, names of variables, its templates and conditions as our expressions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.lang.expressions import ExpressionError, parse_expression
from core.lang.expressions.names import WORDS

_HOLE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_ROOTS = frozenset({"contact", "account", "trigger", "last", "window", "now"})
_TAGS = re.compile(r"<[^>]*>")


def name_of(name: Any, before: str = "v") -> str:
    """A name that our expressions can read.

    >>> name_of("Lead Score"), name_of("2nd"), name_of("contact"), name_of("é!")
    ('lead_score', 'v_2nd', 'v_contact', 'é')
    """
    word = "_".join("".join(c.lower() if c.isalnum() else " " for c in str(name)).split())
    return word if word.isidentifier() and word not in WORDS and word not in _ROOTS else f"{before}_{word}".rstrip("_")


def plain(content: Any) -> str:
    """The text of a bubble; a link keeps its address."""
    if not isinstance(content, Mapping):
        return ""
    rich = content.get("richText")
    if isinstance(rich, list):
        return "\n".join("".join(_pieces(line)) for line in rich).strip()
    if isinstance(content.get("plainText"), str):
        return str(content["plainText"]).strip()
    return _TAGS.sub("", str(content.get("html") or "")).strip()


def _pieces(element: Any, depth: int = 0) -> Iterator[str]:
    if not isinstance(element, Mapping) or depth > 20:
        return
    if isinstance(element.get("text"), str):
        yield element["text"]
        return
    inner = [p for child in _list(element.get("children")) for p in _pieces(child, depth + 1)]
    url = element.get("url")
    if isinstance(url, str) and "".join(inner).strip() != url:
        yield f"{''.join(inner).strip()} ({url})"
    elif element.get("type") in ("ul", "ol"):
        yield "\n".join(f"- {p}" for p in inner)
    else:
        yield from inner


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def template(text: str) -> str:
    """``{{Lead Score}}`` with our names; holes that hold more than a name are left as they are, for the compiler to name.

    >>> template("Hi {{First Name}}!")
    'Hi {{first_name}}!'
    """
    return _HOLE.sub(lambda m: "{{" + name_of(m[1]) + "}}", text)


def value(source: Any) -> Any | None:
    """What a "Set variable" block computes, as our value: numbers, texts, sums of variables. None when it is more than that.

    >>> value("0"), value("{{Lead Score}} + 10"), value("'abc'"), value("new Date().getFullYear()")
    (0, '{{lead_score|default(0) + 10}}', 'abc', None)
    """
    text = str(source).strip()
    if re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"'[^'{}]*'|\"[^\"{}]*\"", text):
        return text[1:-1]
    if re.fullmatch(r"\{\{[^{}]+\}\}", text) or ("{{" in text and not re.search(r"[-+*/%()]", text)):
        return template(text)
    sums = _HOLE.sub(lambda m: f"{name_of(m[1])}|default(0)", text)
    if not re.fullmatch(r"[\w\s+\-*/%().|]+", sums):
        return None
    try:
        parse_expression(sums)
    except ExpressionError:
        return None
    return "{{" + sums + "}}" if "{{" in text else None


_COMPARED = {
    "Equal to": "{} == {}",
    "Not equal": "{} != {}",
    "Contains": "{} contains {}",
    "Does not contain": "not ({} contains {})",
    "Greater than": "{} > {}",
    "Greater or equal to": "{} >= {}",
    "Less than": "{} < {}",
    "Less or equal to": "{} <= {}",
    "Is set": "{} is set",
    "Is empty": "{} is not set",
}
"""Typebot's operators; without one two values are compared for being equal."""


def condition(content: Any, names: Mapping[str, str]) -> str | None:
    """The comparisons of one exit as an expression; None when one of them has no counterpart."""
    parts = []
    content = content if isinstance(content, Mapping) else {}
    for one in _list(content.get("comparisons")):
        one = one if isinstance(one, Mapping) else {}
        pattern = _COMPARED.get(str(one.get("comparisonOperator") or "Equal to"))
        name = names.get(str(one.get("variableId")))
        if pattern is None or name is None:
            return None
        parts.append(pattern.format(name, _literal(str(one.get("value") or ""))))
    word = " or " if str(content.get("logicalOperator")).upper() == "OR" else " and "
    return word.join(parts) if parts else None


def _literal(text: str) -> str:
    if re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", text):
        return text
    if hole := _HOLE.fullmatch(text):
        return name_of(hole[1])
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
