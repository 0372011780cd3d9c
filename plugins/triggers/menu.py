"""The trigger type menu."""

from plugins.triggers._payload import PayloadSchema


class Menu(PayloadSchema):
    """Somebody taps an entry of the persistent menu."""

    name = "menu"
    title = "Menu entry"
