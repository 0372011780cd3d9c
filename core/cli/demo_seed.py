"""What the demo sets up, through the REST API like a user: a person, a connected account, the example flows with triggers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.cli.demo_http import Client, Refused, until

API = "/api/v1"
EMAIL, PASSWORD = "demo@example.org", "seven grey herons at dawn"
ACCOUNT = "clay.studio"
EXAMPLES = Path(__file__).resolve().parents[2] / "flows_examples"


@dataclass(frozen=True)
class Seeded:
    """``flows``: name → id of the active example flows."""

    account_id: str
    username: str
    flows: dict[str, str]
    problems: tuple[str, ...] = ()


def sign_in(api: Client) -> None:
    """Registers the demo's user, or signs in when the data was kept."""
    person = {"email": EMAIL, "password": PASSWORD, "firstName": "Demo", "lastName": "Owner"}
    try:
        made = api.post(f"{API}/auth/register", {**person, "refresh": "body"})
    except Refused as e:
        if e.status != 409:
            raise
        made = api.post(f"{API}/auth/login", {"email": EMAIL, "password": PASSWORD, "refresh": "body"})
    api.token = made["token"]


def connect(api: Client, fake: Client) -> dict[str, Any]:
    """An account at the fake Instagram, connected by its sign-in page; waits until InstaFlow subscribed to its webhooks.

    The demo's person answers at once: no answer is the rest of a burst of short messages.
    """
    there = {a["username"] for a in fake.get("/fake/state")["accounts"]}
    if ACCOUNT not in there:
        fake.post("/fake/account", {"username": ACCOUNT, "name": "Clay Studio", "subscribed": False})
        fake.post("/fake/post", {"caption": "Giveaway! Comment GIVEAWAY to join", "account": ACCOUNT})
    found = next((a for a in api.get(f"{API}/instagram-accounts") if a["status"] == "connected"), None)
    if found is None:
        started = api.get(f"{API}/instagram-accounts/oauth/start")
        _, headers = fake.call("GET", f"{started['authorizationUrl']}&account={ACCOUNT}")
        found = api.post(f"{API}/instagram-accounts/exchange-token", _code_in(headers["location"]))
    api.call("PATCH", f"{API}/instagram-accounts/{found['instagramAccountId']}", {"settings": {"burstSeconds": 0}})
    until(lambda: _subscribed(fake), 20)
    return dict(found)


def _code_in(address: str) -> dict[str, str]:
    import urllib.parse

    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
    return {"code": query["code"], "state": query["state"]}


def _subscribed(fake: Client) -> bool:
    return any(a["username"] == ACCOUNT and a["subscribed"] for a in fake.get("/fake/state")["accounts"])


def seed(api: Client, fake: Client, tell: Callable[[str], None]) -> Seeded:
    """All of it; flows that are there already stay as they are. Answers what is there."""
    sign_in(api)
    account = connect(api, fake)
    account_id = account["instagramAccountId"]
    there = {f["name"]: f["flowId"] for f in api.get(f"{API}/instagram-accounts/{account_id}/flows", limit=100)}
    flows, problems = {}, []
    for path in sorted(
        p for p in EXAMPLES.iterdir() if p.suffix in (".flow", ".json", ".yaml") and ".test." not in p.name
    ):
        envelope = _envelope(path)
        try:
            flow_id = there.get(envelope["name"]) or _add(api, account_id, envelope)
            flows[envelope["name"]] = flow_id
        except Refused as e:
            problems.append(f"{path.name}: {_why(e)}")
    for problem in problems:
        tell(problem)
    return Seeded(account_id, ACCOUNT, flows, tuple(problems))


def _envelope(path: Path) -> dict[str, Any]:
    from core.host.beside import locales_beside
    from core.lang.locales import whole
    from core.lang.reading.source import read

    data = read(path.read_bytes(), None, path.name).data
    return {"name": path.stem, **whole(data, locales_beside(path), (path.stem,))}


def _add(api: Client, account_id: str, envelope: dict[str, Any]) -> str:
    """Saves the draft, adds its triggers, activates it."""
    body = {k: envelope[k] for k in ("name", "slug", "description", "flowDefinition") if k in envelope}
    flow_id: str = api.post(f"{API}/instagram-accounts/{account_id}/flows", body)["flowId"]
    for trigger in envelope.get("triggers", ()):
        api.post(f"{API}/flows/{flow_id}/triggers", trigger)
    api.put(f"{API}/flows/{flow_id}", {"status": "active"})
    return flow_id


def _why(refused: Refused) -> str:
    """One line: the refusal with its first error."""
    data = refused.data if isinstance(refused.data, dict) else {}
    found = (data.get("details") or {}).get("diagnostics") or []
    worst = next((d for d in found if d.get("severity") == "error"), found[0] if found else None)
    first = f" ({worst['code']}: {worst['message']})" if worst else ""
    return f"{data.get('message', refused)}{first}"
