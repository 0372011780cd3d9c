"""What people and owners do at the fake Instagram, as methods: every one of them ends in webhooks."""

from typing import Any

from core.testing.instagram import comments as comment_edges
from core.testing.instagram import people, wire
from core.testing.instagram.sends import cdn
from core.testing.instagram.stage import Stage
from core.testing.instagram.world import Account, Media, Thread


class Actions:
    """The hands of ``FakeInstagram``. ``account`` is an id or a user name everywhere; "" = the first account."""

    stage: Stage

    def find(self, account: str = "") -> Account:
        """The account by Instagram id, Page id or user name; "" = the first one. LookupError when there is none."""
        accounts = self.stage.world.accounts
        found = self.stage.world.account_by(account) if account else next(iter(accounts.values()), None)
        if found is None:
            raise LookupError(f"there is no account '{account}'" if account else "there is no account yet")
        return found

    def thread(self, person: str, account: str = "") -> Thread:
        """The conversation of person and account."""
        with self.stage.lock:
            return self.stage.thread(self.find(account), person)

    def follows(self, person: str, account: str = "", yes: bool = True) -> None:
        """The person follows the account (or stops); a follow is told by the undocumented ``follow`` field."""
        with self.stage.lock:
            to, who = self.find(account), self.stage.person(person)
            who.follows = [a for a in who.follows if a != to.ig_id] + ([to.ig_id] if yes else [])
            if yes:
                igsid = self.stage.igsid(self.stage.thread(to, person))
                item = {"field": "follow", "value": {"from": {"id": igsid, "username": person}}}
                key = f"follow:{self.stage.ids.trace()}"
                self.stage.notify(to.ig_id, "follow", "follow", item, key, igsid, form=wire.CHANGES)

    def blocks(self, person: str, account: str = "", yes: bool = True) -> None:
        """The person blocks the account (or stops blocking it)."""
        self.thread(person, account).blocked = yes

    # --- direct messages

    def says(self, person: str, text: str, account: str = "", reply_to: str = "") -> str:
        """A direct message; answers its mid."""
        return people.says(self.stage, self.find(account), person, text, reply_to)

    def taps(self, person: str, title_or_payload: str, account: str = "", mid: str = "") -> str:
        """Taps a quick reply, button, carousel button, ice breaker or menu item. NoSuchButton when it is not to be seen."""
        return people.tap(self.stage, self.find(account), person, title_or_payload, mid)

    def attaches(self, person: str, *kinds: str, text: str = "", account: str = "") -> str:
        """Sends attachments: image, video, audio, file, like_heart, ephemeral, unsupported_type, ig_reel, ig_post, share …"""
        bare = ("like_heart", "ephemeral")
        key = f"{person}:{len(self.stage.hooks.log)}"
        made = [
            {"type": k} if k in bare else {"type": k, "payload": {"url": cdn(f"{k}:{key}:{n}")}}
            for n, k in enumerate(kinds)
        ]
        body: dict[str, Any] = {"attachments": made, **({"text": text} if text else {})}
        return people.message(self.stage, self.find(account), person, body)

    def sends(self, person: str, body: dict[str, Any], account: str = "") -> str:
        """A message of any shape: ``body`` is the ``message`` object without its mid."""
        return people.message(self.stage, self.find(account), person, body)

    def mentions(self, person: str, account: str = "") -> str:
        """A story mention; "" when Instagram tells nobody (a private person whom the account does not follow)."""
        return people.mention(self.stage, self.find(account), person)

    def replies_to_story(self, person: str, text: str, account: str = "", story: str = "", link: str = "") -> str:
        """An answer to the account's story."""
        story = story or self.posts(product="STORY", account=account)
        return people.story_reply(self.stage, self.find(account), person, text, story, link)

    def reacts(self, person: str, emoji: str = "❤️", mid: str = "", account: str = "") -> None:
        """Reacts to a message of the account ("" = takes the reaction back)."""
        people.about(self.stage, self.find(account), person, "react" if emoji else "unreact", mid, emoji=emoji)

    def reads(self, person: str, mid: str = "", account: str = "") -> None:
        """Opens the thread: everything up to ``mid`` (the newest) is seen."""
        people.about(self.stage, self.find(account), person, "read", mid)

    def unsends(self, person: str, mid: str = "", account: str = "") -> None:
        """Takes a message back."""
        people.about(self.stage, self.find(account), person, "unsend", mid)

    def edits(self, person: str, text: str, mid: str = "", account: str = "") -> None:
        """Changes a message."""
        people.about(self.stage, self.find(account), person, "edit", mid, text=text)

    def refers(self, person: str, ref: str, account: str = "") -> None:
        """Follows ``https://ig.me/m/<account>?ref=…``."""
        people.refer(self.stage, self.find(account), person, ref)

    def from_ad(self, person: str, text: str, ref: str, account: str = "") -> str:
        """Writes from a click-to-direct ad."""
        context = {"ad_title": "An ad", "photo_url": cdn("ad:" + ref), "video_url": cdn("ad-video:" + ref)}
        ad = {
            "ref": ref,
            "ad_id": self.stage.ids.ad(),
            "source": "ADS",
            "type": "OPEN_THREAD",
            "ads_context_data": context,
        }
        return self.sends(person, {"text": text, "referral": ad}, account)

    def answers_in_app(self, person: str, text: str, account: str = "", app_id: str = "") -> str:
        """The owner answers in the Instagram app, or another application (``app_id``) does: only an echo tells."""
        return people.owner_types(self.stage, self.find(account), person, text, app_id)

    def controls(self, person: str, verb: str, other_app: str = "1217981644879628", account: str = "") -> None:
        """Thread control: ``pass`` to us, ``take`` from us, ``request``."""
        people.control(self.stage, self.find(account), person, verb, other_app)

    # --- posts and comments

    def posts(self, caption: str = "", product: str = "FEED", account: str = "", **more: Any) -> str:
        """A post, reel (REELS), STORY, AD or LIVE broadcast of the account; answers its id."""
        stage, owner = self.stage, self.find(account)
        with stage.lock:
            media_id = stage.ids.media()
            code = media_id[-8:]
            link = f"https://www.instagram.com/{'reel' if product == 'REELS' else 'p'}/F{code}/"
            kind = "VIDEO" if product in ("REELS", "LIVE") else "IMAGE"
            media = Media(
                media_id, owner.ig_id, stage.clock.now(), caption, kind, product, link, product == "LIVE", **more
            )
            stage.world.media[media_id] = media
        stage.touch()
        return media_id

    def live(self, account: str = "") -> str:
        """Goes live; answers the broadcast's id."""
        return self.posts("Live", "LIVE", account)

    def ends_live(self, media: str) -> None:
        """The broadcast is over: no more private replies to its comments."""
        self.stage.world.media[media].live = False

    def comments(self, person: str, text: str, media: str = "", account: str = "", parent: str = "") -> str:
        """A comment under ``media`` (default: the newest post, made when there is none); answers its id. ``person`` "" = the owner."""
        stage, owner = self.stage, self.find(account)
        with stage.lock:
            mine = [
                m.id for m in stage.world.media.values() if m.ig_id == owner.ig_id and m.product in ("FEED", "REELS")
            ]
            media = media or (mine[-1] if mine else self.posts("A post", account=owner.ig_id))
            return comment_edges.add(stage, owner, stage.world.media[media], person, text, parent).id

    def mentions_in_caption(self, account: str = "", comment: bool = False) -> None:
        """Somebody mentions the account in a caption, or in a comment: ids only."""
        ig_id, ids = self.find(account).ig_id, self.stage.ids
        value = {"media_id": ids.media()} | ({"comment_id": ids.comment()} if comment else {})
        self.change("mentions", value, ig_id)

    def change(self, field: str, value: dict[str, Any], account: str = "") -> None:
        """Any item of ``changes``, such as story_insights."""
        ig_id, key = self.find(account).ig_id, f"{field}:{self.stage.ids.trace()}"
        self.stage.notify(ig_id, field, field, {"field": field, "value": value}, key, ig_id, form=wire.CHANGES)
