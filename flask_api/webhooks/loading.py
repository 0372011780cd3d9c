"""A WSGI application that is being made on a thread of its own, while others are answered already."""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from core.store.ids import new_id
from flask_api.answers import Answer, respond
from flask_api.headers import request_id

log = logging.getLogger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

LOADING_SECONDS = 60.0
FAILED = Answer(503, "start_failed", "The application could not start; its log says why")


class Loading:
    """Calls ``make`` on a thread; requests wait for the application, and get 503 when there will be none."""

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
        return respond(FAILED, trace, environ.get("wsgi.url_scheme") == "https", start_response)
