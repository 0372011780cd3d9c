"""tag_contact: adds tags."""

from plugins.nodes.tags import TagStep


class TagContact(TagStep):
    """Adds a tag, or several, to the contact.

    Example::

        {"id": "tag", "type": "tag_contact", "tagName": "browsed_products",
         "connections": [{"targetNodeId": "next", "condition": null}]}
    """

    name = "tag_contact"
    title = "Add tag"
    group = "contact"
    icon = "tag"
    operation = "tag"
