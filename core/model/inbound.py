"""What came in, normalised: the JSON of an ``inbound_event`` row's payload, whatever shape Instagram used.

Kinds from Instagram (source: shared platform reference, section 1):

``message`` a DM · ``postback`` a button, ice breaker or menu tap · ``referral`` an ig.me link on an open thread ·
``reaction`` · ``read`` · ``edit`` · ``deleted`` · ``echo`` one of our account's own messages · ``optin`` ·
``control`` thread control · ``comment`` · ``live_comment`` · ``mention`` in a caption or comment · ``story_insights`` ·
``follow`` · ``unknown``.

Kinds from inside: ``timer`` {run, wait} · ``result`` {run, wait, outcome, data, error} · ``command`` {do, …} (start, cancel,
hand_back, take_over, retry, move: what people and other parts of the house ask of a contact, in mailbox order).
"""

from typing import Any, Literal, TypedDict

WINDOW_OPENING = frozenset({"message", "postback", "referral"})
"""Kinds that open the 24-hour window (reference 2.5). A reaction, a read receipt, an edit or a comment does not."""


class Referral(TypedDict, total=False):
    """How the person came: an ig.me link, an ad, a product of the shop."""

    ref: str
    source: str
    type: str
    ad_id: str
    product_id: str
    context: dict[str, Any]


class Comment(TypedDict, total=False):
    """A comment under a post, a reel, an ad or a live video."""

    id: str
    media_id: str
    original_media_id: str
    product_type: str
    parent_id: str
    ad_id: str
    username: str


class Inbound(TypedDict, total=False):
    """``kind``, ``ig_id``, ``at`` and ``key`` are always there; ``contact`` is None when nobody can be named.

    ``at``: milliseconds. ``key``: dedupe key (decision 36). ``text`` is as received. ``payload`` with ``tap``
    "quick_reply" or "postback". ``attachments``: [{"type", "url"?, "title"?, …}]. ``reply_to``: {"mid"} or {"story":
    {"id", "url", "link_sticker_url"}}. ``standby``: another app owns the thread. ``is_self``: the account writes to itself.
    ``raw`` only for kinds that nothing else reads.
    """

    kind: str
    ig_id: str
    contact: str | None
    at: int
    key: str
    mid: str
    text: str
    payload: str
    title: str
    tap: Literal["quick_reply", "postback"]
    attachments: list[dict[str, Any]]
    reply_to: dict[str, Any]
    referral: Referral
    comment: Comment
    reaction: dict[str, Any]
    number: int
    app_id: str
    metadata: str
    standby: bool
    is_self: bool
    unsupported: bool
    data: dict[str, Any]
    raw: Any
