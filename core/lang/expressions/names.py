"""The closed sets of the expression language: roots, filters, functions with their numbers of arguments."""

ROOTS = frozenset({"contact", "account", "trigger", "last", "window", "now"})
"""First words of a path that are not variables of the flow."""

WORDS = frozenset(
    {"and", "or", "not", "in", "has", "contains", "is", "tagged", "says", "true", "false", "null"},
)
"""Words that cannot begin a path."""

FILTERS: dict[str, tuple[int, int]] = {
    "date": (0, 1),
    "default": (1, 1),
    "first": (0, 0),
    "join": (0, 1),
    "length": (0, 0),
    "lower": (0, 0),
    "money": (0, 1),
    "number": (0, 0),
    "title": (0, 0),
    "trim": (0, 0),
    "truncate": (0, 1),
    "upper": (0, 0),
    "urlencode": (0, 0),
}
"""Fewest and most arguments, the value itself not counted."""

FUNCTIONS: dict[str, tuple[int, int]] = {
    "in_segment": (1, 1),
    "length": (1, 1),
    "lower": (1, 1),
    "matches": (2, 2),
    "max": (1, 20),
    "min": (1, 20),
    "number": (1, 1),
    "round": (1, 2),
    "text": (1, 1),
}
"""Fewest and most arguments."""
