"""Puts the receiver in front of the Flask application, which may still be loading."""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any, cast

from core.store.ids import new_id
from flask_api.headers import request_id, security_headers
from flask_api.webhooks.receiver import PATH, Environ, Receiver, StartResponse, Wsgi

log = logging.getLogger(__name__)

PATHS = frozenset({PATH, PATH + "/"})
LOADING_SECONDS = 60.0
FAILED = b'{"code":"start_failed","message":"The application could not start; its log says why","details":{}}'


def compose(receiver: Receiver, app: Any) -> Wsgi:
    """The WSGI application of the web process: webhooks to the receiver at once, everything else to Flask.

    ``app`` is a Flask application, or a function without arguments that makes one: it is called on a thread of its own, and
    requests other than webhooks wait for it.
    """
    rest = cast(Wsgi, app) if hasattr(app, "wsgi_app") else _Loading(app)

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] in PATHS and environ["REQUEST_METHOD"] == "POST":
            return receiver(environ, start_response)
        return rest(environ, start_response)

    return application


class _Loading:
    """An application on its way."""

    def __init__(self, make: Callable[[], Wsgi]) -> None:
        self._make = make
        self._ready = threading.Event()
        self._app: Wsgi | None = None
        threading.Thread(target=self._load, name="load-flask", daemon=True).start()

    def _load(self) -> None:
        try:
            self._app = self._make()
        except Exception:
            log.critical("the application could not start", exc_info=True)
        finally:
            self._ready.set()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self._ready.wait(LOADING_SECONDS)
        if self._app is not None:
            return self._app(environ, start_response)
        trace = request_id(environ.get("HTTP_X_REQUEST_ID"), new_id())
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(FAILED))), ("X-Request-Id", trace)]
        secure = security_headers(environ.get("wsgi.url_scheme") == "https")
        start_response("503 Service Unavailable", [*headers, *secure, ("Retry-After", "5")])
        return (FAILED,)
