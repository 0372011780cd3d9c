"""Tells at a process's start what is to know of the plugins."""

import logging

from core.host.registry import Registry
from core.model.errors import SettingsError

log = logging.getLogger(__name__)


def tell(registry: Registry) -> Registry:
    """Logs every plugin that does not work and every note, and answers the registry.

    Raises SettingsError when nothing could be sent, because the way to the Graph API is switched off.
    """
    for plugin in registry.plugins:
        if plugin.problem:
            log.error("a plugin is left out", extra={"plugin": plugin.name, "problem": plugin.problem})
    for note in registry.notes:
        log.warning(note)
    try:
        registry.transport_factory("graph")
    except KeyError as e:
        raise SettingsError(f"INSTAFLOW_PLUGINS_OFF: {e.args[0]}; without it nothing can be sent") from None
    return registry
