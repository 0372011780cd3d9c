"""Accounts as the drain sees them: settings, live flows and the matcher, cached by the version of their triggers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import orjson

from core.model.accounts import setting, start_words, stop_words
from core.model.nodetype import TriggerRow, TriggerType
from core.runtime.match import Matcher
from core.store.driver import Tx


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow that may be started: its live version."""

    id: str
    version_id: str
    hash: str


@dataclass(slots=True)
class Rules:
    """What one version of an account's triggers and live flows means; ``ranks`` by trigger id, ``flows`` by id and slug.

    ``waiting`` = triggers whose post is not known yet, asked as if any post were theirs; None when there are none.
    """

    version: tuple[int, bool]
    matcher: Matcher
    ranks: Mapping[str, int]
    flows: Mapping[str, Flow]
    waiting: Matcher | None = None


@dataclass(slots=True)
class AccountInfo:
    """One account. ``view`` is what flows read as ``account``."""

    id: str
    user_id: str
    ig_id: str
    status: str
    settings: Mapping[str, Any]
    rules: Rules
    view: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    stop: frozenset[str] = frozenset()
    start: frozenset[str] = frozenset()

    def setting(self, name: str) -> Any:
        """The account's setting or its default (core.model.accounts)."""
        return setting(self.settings, name)


COLUMNS = "instagram_account_id, user_id, instagram_user_id, status, instagram_username, settings, triggers_version"


class Accounts:
    """The accounts of this process. ``load`` reads what may have changed in the caller's transaction."""

    def __init__(self, types: Mapping[str, TriggerType]) -> None:
        self._types = types
        self._known: dict[str, tuple[tuple[Any, ...], AccountInfo]] = {}

    def load(self, tx: Tx, ids: Iterable[str]) -> dict[str, AccountInfo]:
        """The accounts by id; rules are read anew when their version moved."""
        where, params = tx.within("instagram_account_id", ids)
        found: dict[str, AccountInfo] = {}
        for row in tx.all(f"SELECT {COLUMNS} FROM instagram_account WHERE {where}", params):
            known = self._known.get(row[0])
            if known is None or known[0] != row:
                known = self._known[row[0]] = (row, self._info(tx, row, known[1].rules if known else None))
            found[row[0]] = known[1]
        return found

    def _info(self, tx: Tx, row: tuple[Any, ...], rules: Rules | None) -> AccountInfo:
        id_, user_id, ig_id, status, username, text, version = row
        settings = orjson.loads(text)
        wanted = (version, bool(setting(settings, "experimentalFollow")))
        if rules is None or rules.version != wanted:
            rules = self._rules(tx, id_, wanted)
        return AccountInfo(
            id_,
            user_id,
            ig_id,
            status,
            settings,
            rules,
            _view(id_, username, settings),
            stop_words(settings),
            start_words(settings),
        )

    def _rules(self, tx: Tx, account_id: str, version: tuple[int, bool]) -> Rules:
        flows: dict[str, Flow] = {}
        for flow_id, slug, version_id, hash_ in tx.all(
            "SELECT f.flow_id, f.slug, v.flow_version_id, v.program_hash FROM flow f"
            " JOIN flow_version v ON v.flow_version_id = f.published_version_id"
            " WHERE f.instagram_account_id = ? AND f.status = 'active' AND f.deleted_at IS NULL",
            (account_id,),
        ):
            flows[flow_id] = flows[slug] = Flow(flow_id, version_id, hash_)
        rows: list[TriggerRow] = []
        waiting: list[TriggerRow] = []
        for id_, flow_id, type_, keyword, text, media_id, post, created_at in tx.all(
            "SELECT trigger_id, flow_id, type, keyword, options, media_id, post_status, created_at FROM trigger"
            " WHERE instagram_account_id = ? AND status = 'active' ORDER BY created_at, trigger_id",
            (account_id,),
        ):
            if flow_id in flows:
                options = {**_options(text, media_id), **({"scope": "all"} if post == "pending" else {})}
                row = TriggerRow(id_, flow_id, type_, keyword, options, created_at)
                (waiting if post == "pending" else rows).append(row)
        ranks = {r.id: self._types[r.type].rank for r in rows if r.type in self._types}
        pending = Matcher(waiting, self._types) if waiting else None
        return Rules(version, Matcher(rows, self._types, version[1]), ranks, flows, pending)


def _view(id_: str, username: str | None, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The account as flows read it. Its language is the first one that its owner named, and none as long as nobody did: then
    a flow speaks its own."""
    view = {"id": id_, "username": username, "timezone": setting(settings, "timezone")}
    languages = settings.get("languages")
    return {**view, "language": languages[0]} if languages else view


def _options(text: str, media_id: str | None) -> Mapping[str, Any]:
    options: dict[str, Any] = orjson.loads(text)
    return options if media_id is None else {**options, "mediaId": media_id}
