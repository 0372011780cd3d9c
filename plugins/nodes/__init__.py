"""The node types that come in the box: the requirements' eight and their family, each in a file of its own."""

from collections.abc import Sequence

from instaflow import NodeType, hookimpl
from plugins.nodes.carousel import Carousel
from plugins.nodes.comment_reply import CommentReply
from plugins.nodes.condition import Condition
from plugins.nodes.end import End
from plugins.nodes.external_api_call import ExternalApiCall
from plugins.nodes.get_input import GetInput
from plugins.nodes.human_takeover import HumanTakeover
from plugins.nodes.message import Message
from plugins.nodes.random_split import RandomSplit
from plugins.nodes.set_attribute import SetAttribute
from plugins.nodes.start import Start
from plugins.nodes.subflow import Subflow
from plugins.nodes.tag_contact import TagContact
from plugins.nodes.unset_attribute import UnsetAttribute
from plugins.nodes.untag_contact import UntagContact
from plugins.nodes.wait import Wait


@hookimpl
def instaflow_node_types() -> Sequence[NodeType]:
    """In the order in which the canvas lists them."""
    return (
        Start(),
        Message(),
        Carousel(),
        GetInput(),
        Condition(),
        RandomSplit(),
        Wait(),
        TagContact(),
        UntagContact(),
        SetAttribute(),
        UnsetAttribute(),
        Subflow(),
        ExternalApiCall(),
        CommentReply(),
        HumanTakeover(),
        End(),
    )
