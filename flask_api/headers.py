"""The headers that every answer carries, usable without Flask: the bare webhook receiver sends them as well."""

CSP = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

ALWAYS: tuple[tuple[str, str], ...] = (
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)


def security_headers(https: bool) -> list[tuple[str, str]]:
    """The headers of one answer; HSTS only where the request came by https.

    >>> len(security_headers(True)) - len(security_headers(False))
    1
    """
    extra = [("Strict-Transport-Security", "max-age=31536000; includeSubDomains")] if https else []
    return [*ALWAYS, *extra]


def request_id(given: str | None, fresh: str) -> str:
    """The caller's X-Request-Id when it is harmless in a log line, else the fresh one.

    >>> request_id("abc-1", "new"), request_id("a b", "new")
    ('abc-1', 'new')
    """
    if given and len(given) <= 64 and given.isascii() and given.replace("-", "").replace("_", "").isalnum():
        return given
    return fresh
