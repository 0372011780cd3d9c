"""``instaflow fake-instagram``: the fake Instagram as a process of its own."""

import signal
import threading
from pathlib import Path

import click

from core.lifeline import die_with_parent
from core.testing.instagram.control import names
from core.testing.instagram.fake import FakeInstagram

SAVE_SECONDS = 2.0


@click.command(
    epilog="Example: instaflow fake-instagram --port 9900 --account bella.bakery "
    "--webhook http://127.0.0.1:8000/api/v1/webhooks/instagram --secret my-app-secret\n\n"
    "\b\n" + names()
)
@click.option("--port", default=9900, show_default=True, help="Where it listens, on 127.0.0.1 only.")
@click.option("--seed", default=0, show_default=True, help="The same seed makes the same identifiers and bytes.")
@click.option("--webhook", default=None, help="Where events are sent (http, this machine).")
@click.option(
    "--secret",
    envvar="FAKE_INSTAGRAM_SECRET",
    default="instaflow-test-app-secret",
    help="The application secret that signs webhooks (or FAKE_INSTAGRAM_SECRET).",
)
@click.option("--second-secret", default="", help="Another secret; the fault second_secret_rate makes use of it.")
@click.option(
    "--verify-token",
    envvar="FAKE_INSTAGRAM_VERIFY_TOKEN",
    default="instaflow-test-verify-token",
    help="For the handshake (POST /fake/webhook).",
)
@click.option("--app-id", default="880000000000001", show_default=True, help="The application's id.")
@click.option("--pace", default=1.0, show_default=True, help="Scales echo delays and retries; 0.01 is quick.")
@click.option("--batch", default=1, show_default=True, help="Events in one webhook, 1000 at most.")
@click.option("--account", "accounts", multiple=True, help="Makes a subscribed account of that user name (repeatable).")
@click.option("--state", type=click.Path(path_type=Path), default=None, help="A file that keeps the world.")
@click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@click.option("--no-rate-limits", is_flag=True, help="Instagram's rate limits off, for load tests.")
def command(
    port: int,
    seed: int,
    webhook: str | None,
    secret: str,
    second_secret: str,
    verify_token: str,
    app_id: str,
    pace: float,
    batch: int,
    accounts: tuple[str, ...],
    state: Path | None,
    quiet: bool,
    no_rate_limits: bool,
) -> None:
    """Run the fake Instagram: the Graph API under /ig and /fb, webhooks, and a page at / to play a contact.

    Set INSTAFLOW_GRAPH_URL to http://127.0.0.1:PORT/ig, INSTAFLOW_GRAPH_URL_FACEBOOK to …/fb and INSTAFLOW_CLOCK_URL to
    …/clock.
    """
    die_with_parent()
    try:
        fake = FakeInstagram(
            port,
            seed,
            webhook,
            secret,
            second_secret=second_secret,
            verify_token=verify_token,
            app_id=app_id,
            pace=pace,
            batch=max(1, min(1000, batch)),
            rate_limits=not no_rate_limits,
            state=state,
        )
    except ValueError as e:
        raise click.UsageError(str(e)) from None
    except OSError as e:
        raise click.ClickException(f"port {port} cannot be opened: {e.strerror}") from None
    _serve(fake, accounts, quiet)


def _serve(fake: FakeInstagram, accounts: tuple[str, ...], quiet: bool) -> None:
    stopping = threading.Event()

    def say(text: str) -> None:
        if not quiet:
            click.echo(text, err=True)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with fake:
        for username in accounts:
            if fake.stage.world.account_by(username) is None:
                fake.account(username)
            say(f"account @{username}: id {fake.find(username).ig_id}")
        say(f"The fake Instagram listens at {fake.url} (Ctrl-C stops it)")
        while not stopping.wait(SAVE_SECONDS):
            fake.save_if_changed()
