"""What the control interface tells: the state, a thread as the person sees it, the logs."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.testing.instagram.people import buttons
from core.testing.instagram.stage import Sent
from core.testing.instagram.world import WINDOW_MS, Account, Message

if TYPE_CHECKING:
    from core.testing.instagram.fake import FakeInstagram


def state(fake: "FakeInstagram") -> dict[str, Any]:
    """Accounts, people, posts, faults, webhook and clock."""
    stage = fake.stage
    with stage.lock:
        return {
            "version": stage.version,
            "seed": stage.seed,
            "appId": stage.app.id,
            "clock": {"now": fake.now(), "offsetMs": stage.clock.offset},
            "webhook": {"url": stage.options.url, "on": stage.options.on, "pending": stage.hooks.pending()},
            "accounts": [_account(fake, a) for a in stage.world.accounts.values()],
            "people": [asdict(p) for p in stage.world.people.values() if not stage.world.account_by(p.username)],
            "media": [asdict(m) for m in stage.world.media.values()],
            "faults": asdict(stage.faults),
        }


def _account(fake: "FakeInstagram", account: Account) -> dict[str, Any]:
    return {
        "igId": account.ig_id,
        "pageId": account.page_id,
        "username": account.username,
        "name": account.name,
        "subscribed": account.fields or account.page_fields,
        "token": fake.token(account.ig_id),
        "pageToken": fake.token(account.ig_id, "page"),
        "userToken": fake.token(account.ig_id, "user_long"),
        "profile": account.profile,
    }


def thread(fake: "FakeInstagram", person: str, account: str) -> dict[str, Any]:
    """The thread as the person sees it on a phone."""
    if not person:
        raise ValueError("say which person")
    stage = fake.stage
    with stage.lock:
        owner = fake.find(account)
        found = fake.thread(person, owner.ig_id)
        ends = found.last_event_at + WINDOW_MS if found.last_event_at else 0
        return {
            "version": stage.version,
            "account": owner.username,
            "person": person,
            "igsid": stage.igsid(found),
            "now": fake.now(),
            "windowEndsAt": ends,
            "consent": found.consent,
            "blocked": found.blocked,
            "typing": found.typing_until > fake.now(),
            "messages": [_message(m) for m in found.messages],
            "buttons": buttons(found, owner),
            "comments": [asdict(c) for c in stage.world.comments.values() if _shown(fake, owner, c.media_id)],
        }


def _shown(fake: "FakeInstagram", owner: Account, media_id: str) -> bool:
    media = fake.stage.world.media.get(media_id)
    return media is not None and media.ig_id == owner.ig_id


def _message(m: Message) -> dict[str, Any]:
    out = asdict(m)
    out["comment_id"] = m.comment_id
    return out


def changes(fake: "FakeInstagram", query: dict[str, str]) -> dict[str, Any]:
    """Waits up to ``wait`` seconds (30 at most) for a version after ``after``."""
    wait = min(30.0, float(query.get("wait", "0")))
    return {"version": fake.stage.wait_for_change(int(query.get("after", "0")), wait)}


def sent(fake: "FakeInstagram", query: dict[str, str]) -> dict[str, Any]:
    """Accepted messages after number ``after``, of ``person`` when named."""
    after, person = int(query.get("after", "0")), query.get("person")
    with fake.stage.lock:
        return {"sent": [_sent(s) for s in fake.stage.sent if s.n > after and person in (None, s.username)]}


def _sent(s: Sent) -> dict[str, Any]:
    return {**asdict(s), "atMs": s.at_ns / 1e6}


def log(fake: "FakeInstagram", query: dict[str, str]) -> dict[str, Any]:
    """Answered calls after number ``after``; only refused ones with ``errors=1``."""
    after, errors = int(query.get("after", "-1")), query.get("errors") == "1"
    with fake.stage.lock:
        found = [asdict(r) for r in fake.stage.log if r.n > after and (r.code or r.message or not errors)]
    return {"calls": found[-500:]}
