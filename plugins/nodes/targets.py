"""Where a value is kept: an attribute of the contact, or a variable of the flow."""

from instaflow import PROFILE_FIELDS, Pen

_OWN_WORD = frozenset({"firstName", "lastName", "name"})
"""Profile fields that a person may put right by an answer; the others are Instagram's alone."""


def assignable(pen: Pen, target: str, field: str) -> list[str]:
    """``["contact", name]`` for ``contact.name``, ``["flow", name]`` for a plain word; anything else is IF121."""
    scope, dot, name = target.strip().partition(".")
    if not dot and scope.isidentifier():
        if scope in ("contact", "account", "trigger", "last", "window", "now"):
            pen.problem(
                "IF121", f"'{scope}' is a word of the language", (field,), "choose another name for the variable"
            )
        return ["flow", scope]
    if scope == "contact" and name and "." not in name:
        if name in PROFILE_FIELDS - _OWN_WORD:
            pen.problem(
                "IF121", f"'{target}' comes from Instagram's profile", (field,), "choose another name for the attribute"
            )
        pen.use("attributes", name)
        return ["contact", name]
    pen.problem("IF121", f"'{target}' cannot be assigned", (field,), "use contact.<attribute> or one plain word")
    return ["flow", "_"]
