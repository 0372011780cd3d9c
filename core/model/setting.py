"""A setting of a plugin's own, read from the environment by the host."""

from collections.abc import Callable
from typing import Any


class Setting:
    """One setting. A plugin makes it, returns it from ``instaflow_settings`` and reads ``value`` when it needs it.

    ``name`` in capitals: the plugin ``acme``'s ``API_KEY`` is ``INSTAFLOW_ACME_API_KEY``. ``parse`` makes the value of the
    text and raises ValueError saying what is wanted ("a whole number"). ``required`` without a text, or a text that does not
    parse, leaves the plugin out, with that problem. The text of a ``secret`` is never shown.

    >>> limit = Setting("LIMIT", 10, "Most requests a minute", parse=int)
    >>> limit.value
    10
    """

    __slots__ = ("default", "meaning", "name", "parse", "required", "secret", "value")

    def __init__(
        self,
        name: str,
        default: Any = "",
        meaning: str = "",
        *,
        secret: bool = False,
        required: bool = False,
        parse: Callable[[str], Any] = str,
    ) -> None:
        self.name, self.default, self.meaning = name, default, meaning
        self.secret, self.required, self.parse = secret, required, parse
        self.value = default
