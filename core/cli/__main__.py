"""``python -m core.cli``: the same as the ``instaflow`` command."""

from core.cli import main

main()
