"""Mail to people: the console, a folder of files, or SMTP, by INSTAFLOW_MAIL_URL."""

import logging
import smtplib
import sys
import threading
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.services.house import House
from core.store.ids import new_id

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 20


def send(house: House, to: str, subject: str, text: str) -> None:
    """Sends, or hands to a thread when SMTP does it: how long it takes must not tell whether the person exists.

    Never raises: a mail that cannot leave is logged, without its text.
    """
    message = EmailMessage()
    message["To"], message["Subject"] = to, subject
    message["From"] = f"InstaFlow <no-reply@{urlsplit(house.settings.public_url).hostname or 'localhost'}>"
    message.set_content(text, cte="8bit")
    url = house.settings.mail_url
    if url.startswith(("smtp://", "smtps://")):
        threading.Thread(target=_smtp, args=(url, message), daemon=True).start()
    elif url.startswith("file:"):
        _file(Path(url.removeprefix("file:").removeprefix("//")), message)
    else:
        sys.stderr.write(f"--- mail ---\n{message}\n------------\n")


def _file(folder: Path, message: EmailMessage) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{new_id()}.eml").write_bytes(bytes(message))
    except OSError as e:
        log.error("a mail could not be written", extra={"reason": str(e)})


def _smtp(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(host, parts.port or (465 if parts.scheme == "smtps" else 587), timeout=TIMEOUT_SECONDS) as server:
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as e:
        log.error("a mail could not be sent", extra={"reason": type(e).__name__, "server": host})
