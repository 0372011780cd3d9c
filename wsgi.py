"""The web process's composition root: ``wsgi:front`` for granian, which ``instaflow web`` runs, ``wsgi:app`` for any WSGI server.

Webhooks are answered as soon as the database is open; the queue and the Flask application load meanwhile.
"""

from typing import Any

from core import observe, settings
from core.clock import open_clock
from core.lifeline import calm_collector, die_with_parent
from core.runtime.intake import Intake
from core.store.driver import open_db
from flask_api.webhooks.bell import Bell
from flask_api.webhooks.front import Front
from flask_api.webhooks.loading import Loading, Wsgi
from flask_api.webhooks.receiver import Receiver, compose
from plugins.instagram.receive import WEBHOOK


def make() -> tuple[Intake, Receiver, Wsgi]:
    """The parts of this process, from its environment: what takes webhooks, and the application for everything else. Raises
    SettingsError when that is not complete."""
    die_with_parent()
    config = settings.load()
    observe.configure(config.log_level, config.log_format, config.sentry_dsn, "web")
    clock = open_clock(config.clock_url)
    bell = Bell()
    intake = Intake(open_db(config.database_url), clock, bell)
    receiver = Receiver(intake, WEBHOOK, config.meta_app_secrets, clock)

    def application() -> Wsgi:
        from core.worker.probe import QueueProbe
        from core.worker.queue import open_queue
        from core.worker.wakes import Wakes

        wakes = Wakes(open_queue(config.queue_url))
        bell.hang(wakes.drain)
        from core.host.manager import load
        from core.host.notes import tell
        from core.services.house import House
        from core.store.store import Store
        from flask_api import create_app

        store = Store(config.database_url)
        registry = tell(load(off=config.plugins_off))
        probe = QueueProbe(config.queue_url)
        app = create_app(House(config, store, clock, registry, wakes.drain, wakes.dispatch, wakes.chore, probe))
        calm_collector()
        return app

    return intake, receiver, Loading(application)


def __getattr__(name: str) -> Any:
    """``front`` and ``app`` are made when a server asks for one of them, not when the module is imported."""
    if name not in ("front", "app"):
        raise AttributeError(name)
    intake, receiver, rest = make()
    made: Any = Front(intake, receiver, rest) if name == "front" else compose(receiver, rest)
    globals()[name] = made
    return made
