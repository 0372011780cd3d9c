"""Properties in a flow document: ``never``, ``always`` and ``eventually`` with a line of text each.

::

    never say "*coupon*" unless tagged customer
    never say after handover until return
    always contact.email is set when call mailchimp.*
    always comment_reply before say "*prize*"
    eventually tag saved or tag declined or silence after step ask_email

In JSON and YAML a list: ``properties: [{never: say "*coupon*" unless tagged customer}]``.
"""

from core.lang.properties.read import PropertyError, read_property
from core.lang.properties.spell import spelled

__all__ = ["PropertyError", "read_property", "spelled"]
