"""What people do on Instagram: write, tap, comment, mention, reply to stories, react, read, and what the webhooks say of it."""

from typing import Any

from core.testing.instagram import wire
from core.testing.instagram.faults import share
from core.testing.instagram.sends import cdn, echo
from core.testing.instagram.stage import Stage
from core.testing.instagram.world import OUR_APP, Account, Message, Thread


class NoSuchButton(LookupError):
    """The person sees no button of that title or payload; the message lists what there is."""


def opens(stage: Stage, thread: Thread, consent: bool = True) -> None:
    """The person did something that opens the 24-hour window and, mostly, lets the account see the profile."""
    thread.last_event_at = stage.clock.now()
    thread.consent = thread.consent or consent


def tell(stage: Stage, thread: Thread, kind: str, field: str, data: dict[str, Any], key: str, after: float = 0) -> None:
    """One item of ``messaging`` (or ``standby`` while another application owns the thread)."""
    igsid, now = stage.igsid(thread), stage.clock.now()
    in_seconds = stage.chance(stage.faults.seconds_rate, "seconds:" + key)
    item = {
        "sender": {"id": igsid},
        "recipient": {"id": thread.ig_id},
        "timestamp": now // 1000 if in_seconds else now,
        **data,
    }
    form = "standby" if thread.owner not in ("", OUR_APP) and kind != "control" else wire.MESSAGING
    if form == "standby":
        field = "standby"
    stage.notify(thread.ig_id, field, kind, item, key, igsid, form=form, after=after)
    stage.touch()


def message(stage: Stage, account: Account, username: str, body: dict[str, Any], consent: bool = True) -> str:
    """A direct message of any shape; answers its mid."""
    with stage.lock:
        thread = stage.thread(account, username)
        mid = stage.ids.mid()
        stage.keep(thread, Message(mid, stage.clock.now(), "person", body))
        opens(stage, thread, consent)
        if stage.chance(stage.faults.edit_zero_rate, "edit0:" + mid):
            _as_edit(stage, thread, mid)
        else:
            tell(stage, thread, "message", "messages", {"message": {"mid": mid, **body}}, "mid:" + mid)
        return mid


def _as_edit(stage: Stage, thread: Thread, mid: str) -> None:
    """The field's quirk: a new message told as edit number 0, without text, every second time without sender."""
    item: dict[str, Any] = {"timestamp": stage.clock.now(), "message_edit": {"mid": mid, "num_edit": 0}}
    igsid = stage.igsid(thread)
    if share(stage.seed, "sender:" + mid) < 0.5:
        item |= {"sender": {"id": igsid}, "recipient": {"id": thread.ig_id}}
    stage.notify(thread.ig_id, "message_edit", "edit", item, "edit0:" + mid, igsid)
    stage.touch()


def buttons(thread: Thread, account: Account) -> list[dict[str, Any]]:
    """What the person can tap now, newest first: [{kind, title, payload, mid}]; quick replies only of the last message."""
    out: list[dict[str, Any]] = []
    for place, m in enumerate(reversed(thread.messages)):
        if m.by == "person":
            continue
        if place == 0 and not m.tapped:
            out += [_chip(r, m.mid) for r in m.body.get("quick_replies", ())]
        for attachment in m.body.get("attachments", ()):
            out += [{**b, "kind": "button", "mid": m.mid} for b in _template_buttons(attachment)]
    breakers = account.profile.get("ice_breakers") or []
    for q in breakers[0].get("call_to_actions", breakers) if breakers else []:
        out.append({"kind": "ice_breaker", "title": q["question"], "payload": q["payload"], "mid": ""})
    for locale in account.profile.get("persistent_menu") or []:
        if locale.get("locale") == "default":
            out += [{**b, "kind": "menu", "mid": ""} for b in locale["call_to_actions"]]
    return out


def _chip(reply: dict[str, Any], mid: str) -> dict[str, Any]:
    kind = reply["content_type"]
    return {"kind": "quick_reply", "title": reply.get("title", kind), "payload": reply.get("payload", kind), "mid": mid}


def _template_buttons(attachment: dict[str, Any]) -> list[dict[str, Any]]:
    if attachment["type"] != "template":
        return []
    payload = attachment["payload"]
    return list(payload.get("buttons", ())) + [b for e in payload.get("elements", ()) for b in e.get("buttons", ())]


def tap(stage: Stage, account: Account, username: str, what: str, mid: str = "") -> str:
    """Taps the button with that title or payload (newest first, or on the message ``mid``); answers the mid of the event."""
    with stage.lock:
        thread = stage.thread(account, username)
        there = [b for b in buttons(thread, account) if not mid or b["mid"] == mid]
        found = next((b for b in there if what in (b.get("payload"), b["title"])), None)
        if found is None:
            seen = ", ".join(repr(b["title"]) for b in there) or "no buttons at all"
            raise NoSuchButton(f"{username} sees no button '{what}', but {seen}")
        if found["kind"] == "quick_reply":
            return _quick_reply(stage, account, thread, found)
        if found.get("type") == "web_url":
            return ""
        return _postback(stage, thread, found)


def _quick_reply(stage: Stage, account: Account, thread: Thread, chip: dict[str, Any]) -> str:
    person = stage.world.people[thread.username]
    value = {"user_email": person.email, "user_phone_number": person.phone}.get(chip["payload"])
    if value == "":
        raise NoSuchButton(
            f"{person.username} has no {chip['payload']} in the profile, so Instagram shows no such button"
        )
    for m in thread.messages:
        m.tapped = m.tapped or m.mid == chip["mid"]
    text, payload = (value, value) if value else (chip["title"], chip["payload"])
    return message(stage, account, thread.username, {"text": text, "quick_reply": {"payload": payload}})


def _postback(stage: Stage, thread: Thread, button: dict[str, Any]) -> str:
    mid = stage.ids.mid()
    body: dict[str, Any] = {"title": button["title"], "payload": button["payload"]}
    if not stage.faults.postback_without_mid:
        body["mid"] = mid
    if thread.pending_ref:
        body["referral"] = {"ref": thread.pending_ref, "source": "SHORTLINKS", "type": "OPEN_THREAD"}
        thread.pending_ref = ""
    stage.keep(thread, Message(mid, stage.clock.now(), "person", {"text": button["title"], "postback": True}))
    opens(stage, thread, consent=button["kind"] in ("ice_breaker", "menu"))
    tell(stage, thread, "postback", "messaging_postbacks", {"postback": body}, "mid:" + mid)
    return mid


def refer(stage: Stage, account: Account, username: str, ref: str) -> None:
    """Follows an ig.me link: on an open thread a referral at once; on a new one it waits for a tap or a word."""
    with stage.lock:
        thread = stage.thread(account, username)
        if not any(m.by == "person" for m in thread.messages):
            thread.pending_ref = ref if account.profile.get("ice_breakers") else ""
            stage.touch()
            return
        opens(stage, thread, consent=False)
        referral = {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
        tell(stage, thread, "referral", "messaging_referral", {"referral": referral}, f"ref:{stage.ids.trace()}")


def says(stage: Stage, account: Account, username: str, text: str, reply_to: str = "") -> str:
    """A text, with the reference of an ig.me link that was followed before."""
    with stage.lock:
        thread = stage.thread(account, username)
        body: dict[str, Any] = {"text": text}
        if reply_to:
            body["reply_to"] = {"mid": reply_to}
        if thread.pending_ref:
            body["referral"] = {"ref": thread.pending_ref, "source": "SHORTLINKS", "type": "OPEN_THREAD"}
            thread.pending_ref = ""
        return message(stage, account, username, body)


def mention(stage: Stage, account: Account, username: str) -> str:
    """Mentions the account in a story; nothing is told when the person is private and the account does not follow them."""
    with stage.lock:
        person = stage.person(username)
        if not person.public and account.ig_id not in person.followed_by:
            return ""
        url = cdn(f"mention:{username}:{stage.clock.now()}:{len(stage.log)}")
        return message(stage, account, username, {"attachments": [{"type": "story_mention", "payload": {"url": url}}]})


def story_reply(stage: Stage, account: Account, username: str, text: str, story: str, link: str = "") -> str:
    """Answers a story of the account."""
    inside = {"id": story, "url": cdn("story:" + story)}
    if link:
        inside["link_sticker_url"] = link
    return message(stage, account, username, {"text": text, "reply_to": {"story": inside}})


def about(stage: Stage, account: Account, username: str, what: str, mid: str = "", **more: Any) -> None:
    """react, unreact or read a message of the account, unsend or edit one of the person's own (the newest by default)."""
    with stage.lock:
        thread = stage.thread(account, username)
        mine = what in ("unsend", "edit")
        found = next(
            (
                m
                for m in reversed(thread.messages)
                if (m.mid == mid if mid else (m.by == "person") == mine and m.state == "ok")
            ),
            None,
        )
        if found is None:
            raise LookupError(f"{username} has no message to {what} in this thread")
        stamp = f"{found.mid}:{stage.ids.trace()}"
        _ABOUT[what](stage, thread, found, stamp, more)


def _react(stage: Stage, thread: Thread, m: Message, stamp: str, more: dict[str, Any]) -> None:
    m.reaction = more["emoji"]
    data = {"mid": m.mid, "action": "react", "reaction": more.get("name", "love"), "emoji": more["emoji"]}
    tell(stage, thread, "reaction", "message_reactions", {"reaction": data}, "react:" + stamp)


def _unreact(stage: Stage, thread: Thread, m: Message, stamp: str, more: dict[str, Any]) -> None:
    m.reaction = ""
    tell(
        stage, thread, "reaction", "message_reactions", {"reaction": {"mid": m.mid, "action": "unreact"}}, "un:" + stamp
    )


def _read(stage: Stage, thread: Thread, m: Message, stamp: str, more: dict[str, Any]) -> None:
    for other in thread.messages:
        other.seen = other.seen or (other.by != "person" and other.at <= m.at)
    tell(stage, thread, "read", "messaging_seen", {"read": {"mid": m.mid}}, "read:" + stamp)


def _unsend(stage: Stage, thread: Thread, m: Message, stamp: str, more: dict[str, Any]) -> None:
    m.state = "deleted"
    tell(stage, thread, "deleted", "messages", {"message": {"mid": m.mid, "is_deleted": True}}, "del:" + stamp)


def _edit(stage: Stage, thread: Thread, m: Message, stamp: str, more: dict[str, Any]) -> None:
    m.edits += 1
    m.body = {**m.body, "text": more["text"]}
    data = {"mid": m.mid, "text": more["text"], "num_edit": m.edits}
    tell(stage, thread, "edit", "message_edit", {"message_edit": data}, "edit:" + stamp)


_ABOUT = {"react": _react, "unreact": _unreact, "read": _read, "unsend": _unsend, "edit": _edit}


def owner_types(stage: Stage, account: Account, username: str, text: str, app_id: str = "") -> str:
    """The account's owner answers in the Instagram app (or another application does): only an echo tells of it."""
    with stage.lock:
        thread = stage.thread(account, username)
        mid, body = stage.ids.mid(), {"text": text}
        stage.keep(thread, Message(mid, stage.clock.now(), "other" if app_id else "app", dict(body)))
        echo(stage, thread, stage.igsid(thread), mid, body, app_id=app_id)
        stage.touch()
        return mid


def control(stage: Stage, account: Account, username: str, verb: str, other_app: str, metadata: str = "") -> None:
    """Thread control moves: ``pass`` to us, ``take`` from us, ``request`` by another application."""
    with stage.lock:
        thread = stage.thread(account, username)
        key = f"control:{stage.ids.trace()}"
        if verb == "request":
            data: dict[str, Any] = {"requested_owner_app_id": other_app, "metadata": metadata}
        else:
            new = OUR_APP if verb == "pass" else other_app
            data = {"previous_owner_app_id": thread.owner, "new_owner_app_id": new, "metadata": metadata}
            thread.owner = new
        tell(stage, thread, "control", "messaging_handover", {f"{verb}_thread_control": data}, key)
