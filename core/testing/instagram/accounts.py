"""Account edges: who am I, profiles with consent, webhook subscriptions, ice breakers and menus, Pages (reference 1.7, 3)."""

import json
from typing import Any

from core.testing.instagram import fields
from core.testing.instagram.call import Call
from core.testing.instagram.errors import GraphError
from core.testing.instagram.payloads import refuse
from core.testing.instagram.world import Account, Thread

IG_FIELDS = [
    "agent_messages",
    "messages",
    "messaging_postbacks",
    "messaging_seen",
    "messaging_handover",
    "messaging_referral",
    "messaging_optins",
    "message_reactions",
    "message_edit",
    "standby",
    "comments",
    "live_comments",
    "mentions",
    "story_insights",
    "creator_marketplace_projects",
    "creator_marketplace_invited_creator_onboarding",
    "delta",
    "story_reactions",
    "onboarding_welcome_message_series",
    "follow",
    "comment_poll_response",
    "story_poll_response",
    "share_to_story",
]
"""What Instagram Login's validator accepts; one other name fails the whole call."""

PAGE_FIELDS = [
    "feed",
    "messages",
    "messaging_postbacks",
    "message_reads",
    "message_reactions",
    "messaging_referrals",
    "messaging_optins",
    "standby",
    "messaging_handovers",
    "message_echoes",
    "message_edits",
    "mention",
    "follow",
    "name",
    "picture",
    "conversations",
]


def me(call: Call) -> dict[str, Any]:
    """``GET /me``: the account (Instagram Login), the Page or the user (Facebook Login)."""
    if call.login == "ig":
        return fields.pick(
            _account(call.account, call) | {"id": call.account.user_id}, call.text("fields"), "user_id,username"
        )
    if call.token.kind == "page":
        page = {"id": call.account.page_id, "name": call.account.name}
        return fields.pick(
            page | {"instagram_business_account": {"id": call.account.ig_id}}, call.text("fields"), "name,id"
        )
    return fields.pick({"id": call.account.user_id, "name": "Owner"}, call.text("fields"), "name,id")


def node(call: Call, account: Account) -> dict[str, Any]:
    """``GET /<IG_ID>`` or ``/<PAGE_ID>``."""
    if call.login == "fb" and call.parts[0] == account.page_id:
        page = {"id": account.page_id, "name": account.name, "instagram_business_account": {"id": account.ig_id}}
        return fields.pick(page, call.text("fields"), "name,id")
    return fields.pick(_account(account, call), call.text("fields"), "id")


def _account(account: Account, call: Call) -> dict[str, Any]:
    return {
        "id": account.ig_id,
        "user_id": account.ig_id,
        "username": account.username,
        "name": account.name,
        "account_type": account.kind,
        "profile_picture_url": f"https://scontent.cdninstagram.com/v/{account.ig_id}.jpg",
        "followers_count": sum(account.ig_id in p.follows for p in call.stage.world.people.values()),
        "follows_count": sum(account.ig_id in p.followed_by for p in call.stage.world.people.values()),
        "media_count": sum(m.ig_id == account.ig_id for m in call.stage.world.media.values()),
    }


def profile(call: Call, thread: Thread) -> dict[str, Any]:
    """``GET /<IGSID>``: only after the person wrote or tapped an ice breaker or menu (230), not when blocked."""
    if thread.blocked:
        raise GraphError(100, 33)
    if not thread.consent:
        raise GraphError(230)
    person = call.stage.world.people[thread.username]
    data = {
        "id": call.parts[0],
        "name": person.name or None,
        "username": person.username,
        "profile_pic": f"https://scontent.cdninstagram.com/v/{call.parts[0]}.jpg",
        "follower_count": person.followers,
        "is_user_follow_business": thread.ig_id in person.follows,
        "is_business_follow_user": thread.ig_id in person.followed_by,
        "is_verified_user": person.verified,
    }
    return fields.pick(data, call.text("fields"), "name,username,profile_pic")


def subscribed_apps(call: Call) -> dict[str, Any]:
    """POST subscribes (all names or none), GET lists, DELETE stops everything."""
    account = call.account
    own = account.fields if call.login == "ig" else account.page_fields
    if call.method == "GET":
        app = {"id": call.stage.app.id, "name": "InstaFlow", "subscribed_fields": list(own)}
        return {"data": [app] if own else []}
    if call.method == "DELETE":
        own.clear()
        return {"success": True}
    names = [n.strip() for n in call.text("subscribed_fields").split(",") if n.strip()]
    allowed = IG_FIELDS if call.login == "ig" else PAGE_FIELDS
    for place, name in enumerate(names):
        if name not in allowed:
            known = ", ".join(allowed)
            raise refuse(f'Param subscribed_fields[{place}] must be one of {{{known}}} - got "{name}".')
    if not names:
        raise refuse("The parameter subscribed_fields is required")
    own[:] = names
    call.stage.options.on = True
    return {"success": True}


def messenger_profile(call: Call) -> dict[str, Any]:
    """Ice breakers and persistent menu: POST sets, GET reads, DELETE removes; 10 calls in 10 minutes."""
    account = call.account
    call.stage.rates.take(account.ig_id, "profile", call.stage.clock.now())
    if call.login == "fb" and call.text("platform").lower() != "instagram":
        raise refuse("Param platform must be instagram")
    if call.method == "GET":
        wanted = _names(call.params.get("fields", "")) or list(account.profile)
        return {"data": [{k: account.profile[k] for k in wanted if k in account.profile}] if account.profile else []}
    if call.method == "DELETE":
        for name in _names(call.params.get("fields", "")):
            account.profile.pop(name, None)
        return {"result": "success"}
    found = {k: call.json(k) for k in ("ice_breakers", "persistent_menu") if call.params.get(k) is not None}
    if not found:
        raise refuse("One of ice_breakers, persistent_menu is required")
    for name, value in found.items():
        _check_ice_breakers(value) if name == "ice_breakers" else _check_menu(value)
    account.profile.update(found)
    return {"result": "success"}


def _names(value: Any) -> list[str]:
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            raise refuse("Param fields must be a list of names") from None
    return [str(v) for v in value] if isinstance(value, list) else [v for v in str(value).split(",") if v]


def _check_ice_breakers(value: Any) -> None:
    if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
        raise refuse("Param ice_breakers must be a list of objects")
    grouped = "call_to_actions" in value[0]
    if grouped and not any(v.get("locale", "default") == "default" for v in value):
        raise refuse("Param ice_breakers needs the locale default")
    for questions in [v.get("call_to_actions") or [] for v in value] if grouped else [value]:
        if not isinstance(questions, list) or not 1 <= len(questions) <= 4:
            raise refuse("There are 1 to 4 ice breakers")
        for q in questions:
            if not q.get("question") or len(q["question"]) > 80 or not q.get("payload"):
                raise refuse("An ice breaker needs a question of at most 80 characters and a payload")


def _check_menu(value: Any) -> None:
    if not isinstance(value, list) or not any(isinstance(v, dict) and v.get("locale") == "default" for v in value):
        raise refuse("Param persistent_menu needs the locale default")
    for locale in value:
        for item in locale.get("call_to_actions") or []:
            fits = {"postback": "payload", "web_url": "url"}.get(item.get("type"))
            if fits is None or not item.get("title") or not item.get(fits):
                raise refuse("A menu item is a postback with a payload or a web_url with a url, and has a title")


def pages(call: Call) -> dict[str, Any]:
    """``GET /me/accounts``: the Pages of the user with their tokens and linked accounts (Facebook Login)."""
    if call.token.kind not in ("user_short", "user_long"):
        raise GraphError(100, 33)
    out = []
    for account in call.stage.world.accounts.values():
        token = next(t for t in call.stage.world.tokens.values() if t.kind == "page" and t.ig_id == account.ig_id)
        page = {
            "id": account.page_id,
            "name": account.name,
            "access_token": token.value,
            "tasks": ["MODERATE", "MESSAGING", "MANAGE"],
            "instagram_business_account": {"id": account.ig_id},
        }
        out.append(fields.pick(page, call.text("fields"), "name,access_token,tasks"))
    return {"data": out}
