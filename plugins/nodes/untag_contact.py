"""untag_contact: removes tags."""

from plugins.nodes.tags import TagStep


class UntagContact(TagStep):
    """Removes a tag, or several, from the contact.

    Example::

        {"id": "untag", "type": "untag_contact", "tagNames": ["lead", "newsletter"],
         "connections": [{"targetNodeId": "next", "condition": null}]}
    """

    name = "untag_contact"
    title = "Remove tag"
    group = "contact"
    icon = "tag-off"
    operation = "untag"
