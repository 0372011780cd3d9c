"""The bot one writes by hand in an afternoon: Flask takes the webhook, a Huey task looks for the keyword and replies.

It verifies the signature and, with PERSIST, stores contact and messages; nothing protects it from a crash between the steps.
Environment: GRAPH, SECRET, QUEUE (sqlite:<file> | redis:<url>), PERSIST (none | pg:<dsn>). WSGI: ``bot:app``; worker: ``bot.huey``.
"""

import hashlib
import hmac
import os
import threading

import requests
from flask import Flask, request
from huey import RedisHuey, SqliteHuey

GRAPH, SECRET = os.environ["GRAPH"], os.environ["SECRET"].encode()
PERSIST = os.environ.get("PERSIST", "none")
REPLY = "Thanks for asking! The jacket is 89 EUR, here is the link: https://shop.example/blue-jacket"
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS contact (id TEXT PRIMARY KEY, last_seen BIGINT)",
    "CREATE TABLE IF NOT EXISTS message (mid TEXT, contact TEXT, direction TEXT, body TEXT)",
)

queue, _, where = os.environ["QUEUE"].partition(":")
huey = (
    RedisHuey("bot", url=where, results=False) if queue == "redis" else SqliteHuey("bot", filename=where, results=False)
)
app = Flask(__name__)
here = threading.local()


def session() -> requests.Session:
    """One kept-alive HTTP session a thread."""
    if not hasattr(here, "session"):
        here.session = requests.Session()
        here.session.trust_env = False
        here.session.headers["Authorization"] = "Bearer bench-token"
    return here.session


def db():
    """One connection a thread."""
    if not hasattr(here, "db"):
        import psycopg

        here.db = psycopg.connect(PERSIST.partition(":")[2])
        with here.db.transaction():
            here.db.execute("SELECT pg_advisory_xact_lock(1)")
            for statement in SCHEMA:
                here.db.execute(statement)
    return here.db


def store(mid: str, contact: str, direction: str, body: str, seen: int = 0) -> None:
    """One transaction for a message and its contact."""
    if PERSIST == "none":
        return
    with db().transaction():
        if seen:
            db().execute(
                "INSERT INTO contact VALUES (%s,%s) ON CONFLICT (id) DO UPDATE SET last_seen=excluded.last_seen",
                (contact, seen),
            )
        db().execute("INSERT INTO message VALUES (%s,%s,%s,%s)", (mid, contact, direction, body))


@huey.task()
def handle(event: dict) -> None:
    """The automation itself."""
    message, contact = event.get("message") or {}, event["sender"]["id"]
    if message.get("is_echo"):
        return
    store(message.get("mid"), contact, "in", message.get("text", ""), event.get("timestamp", 0))
    if "price" in message.get("text", "").lower():
        answer = session().post(
            f"{GRAPH}/v26.0/me/messages", json={"recipient": {"id": contact}, "message": {"text": REPLY}}, timeout=10
        )
        answer.raise_for_status()
        store(answer.json()["message_id"], contact, "out", REPLY)


@app.post("/api/v1/webhooks/instagram")
def webhook():
    """The receiver."""
    wanted = "sha256=" + hmac.new(SECRET, request.get_data(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, request.headers.get("X-Hub-Signature-256", "")):
        return "", 403
    for entry in request.get_json().get("entry", ()):
        for event in entry.get("messaging", ()):
            handle(event)
    return "EVENT_RECEIVED"
