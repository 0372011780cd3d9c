"""What the fake Instagram knows: accounts, people, threads, messages, media, comments and tokens, as plain data."""

from dataclasses import dataclass, field
from typing import Any

WINDOW_MS = 24 * 3600 * 1000
WEEK_MS = 7 * WINDOW_MS
OUR_APP = "990000000000001"
"""The application id of the product under test; a thread may be owned by another one."""


@dataclass
class Token:
    """``kind``: ig_short, ig_long, user_short, user_long or page. ``expires_at`` 0 = no date. ``dead`` = subcode of 190."""

    value: str
    kind: str
    ig_id: str
    issued_at: int
    expires_at: int = 0
    dead: int = 0


@dataclass
class Account:
    """A professional account. ``fields`` = what it subscribed to by webhook, ``page_fields`` the same through its Page."""

    ig_id: str
    page_id: str
    user_id: str
    username: str
    name: str
    self_igsid: str
    kind: str = "BUSINESS"
    messaging_allowed: bool = True
    restricted: bool = False
    private_reply_buttons: bool = False
    multi_image: bool = True
    human_agent: bool = True
    needs_query: bool = False
    fields: list[str] = field(default_factory=list)
    page_fields: list[str] = field(default_factory=list)
    profile: dict[str, Any] = field(default_factory=dict)


@dataclass
class Person:
    """Somebody on Instagram. ``igsids``: account → this person's id there. ``follows``/``followed_by``: accounts."""

    username: str
    name: str = ""
    public: bool = True
    verified: bool = False
    followers: int = 120
    email: str = ""
    phone: str = ""
    igsids: dict[str, str] = field(default_factory=dict)
    follows: list[str] = field(default_factory=list)
    followed_by: list[str] = field(default_factory=list)


@dataclass
class Message:
    """``by``: person, api, app (the owner typed in Instagram) or other (another application). ``body`` = the ``message``
    object as it travelled; ``state``: ok or deleted. ``tapped``: its quick replies are gone."""

    mid: str
    at: int
    by: str
    body: dict[str, Any] = field(default_factory=dict)
    state: str = "ok"
    seen: bool = False
    edits: int = 0
    tapped: bool = False
    reaction: str = ""
    comment_id: str = ""


@dataclass
class Thread:
    """One person and one account. ``last_event_at`` opens the window; ``owner`` = application id, "" = nobody."""

    id: str
    ig_id: str
    username: str
    last_event_at: int = 0
    consent: bool = False
    blocked: bool = False
    owner: str = OUR_APP
    pending_ref: str = ""
    typing_until: int = 0
    messages: list[Message] = field(default_factory=list)


@dataclass
class Media:
    """A post, reel, story, ad or live broadcast."""

    id: str
    ig_id: str
    at: int
    caption: str = ""
    media_type: str = "IMAGE"
    product: str = "FEED"
    permalink: str = ""
    live: bool = False
    comments_enabled: bool = True
    original_media_id: str = ""
    ad_id: str = ""
    ad_title: str = ""


@dataclass
class Comment:
    """``username`` "" = the account itself wrote it. ``replied``: the one private reply is used up."""

    id: str
    media_id: str
    username: str
    text: str
    at: int
    parent_id: str = ""
    replied: bool = False
    hidden: bool = False


@dataclass
class Code:
    """An OAuth code: good for one exchange within an hour."""

    value: str
    ig_id: str
    redirect_uri: str
    at: int
    used: bool = False


@dataclass
class Upload:
    """An uploaded attachment; ``type`` is image, video, audio or file."""

    id: str
    ig_id: str
    type: str
    size: int = 0


@dataclass
class World:
    """All of it; everything in here is JSON when taken apart."""

    counters: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    igsids: dict[str, list[str]] = field(default_factory=dict)
    mids: dict[str, str] = field(default_factory=dict)

    def account_by(self, key: str) -> Account | None:
        """By Instagram id, Page id or user name."""
        found = self.accounts.get(key)
        return found or next((a for a in self.accounts.values() if key in (a.page_id, a.username)), None)

    def message(self, mid: str) -> tuple[Thread, Message] | None:
        """The message of that id with its thread."""
        thread = self.threads.get(self.mids.get(mid, ""))
        if thread is None:
            return None
        return next(((thread, m) for m in reversed(thread.messages) if m.mid == mid), None)

    def thread_of(self, igsid: str) -> Thread | None:
        """The thread of an Instagram-scoped id."""
        pair = self.igsids.get(igsid)
        return self.threads.get(f"{pair[0]}:{pair[1]}") if pair else None
