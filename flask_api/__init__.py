"""The outer ring: HTTP. ``create_app`` makes the Flask application; importing this package imports no Flask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from core.services.house import House

__all__ = ["create_app"]


def create_app(house: House) -> Flask:
    """The Flask application of one installation: the whole API, its document, health, metrics."""
    from flask_api.app import create

    return create(house)
