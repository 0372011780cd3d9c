"""InstaFlow without the web: model, lang | engine, host, store, runtime, services, worker, testing, cli.

Imports point from right to left only; ``setup.cfg`` holds the law and the tests run it.
"""

OWNER = "instaflow"
"""Read by ``instaflow/__init__`` to notice another distribution that overwrote this package."""
