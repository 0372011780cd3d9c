"""Plugins' own settings: INSTAFLOW_<PLUGIN>_<NAME> from the environment into the plugins' ``Setting`` objects."""

import importlib.metadata
import re
from collections.abc import Iterable, Mapping, Sequence

from core.model.errors import PluginError
from core.model.near import near
from core.model.setting import Setting

PREFIX = "INSTAFLOW_"
NAME = re.compile(r"[A-Z][A-Z0-9_]*")


def prefix(plugin: str) -> str:
    """The beginning of the names of a plugin's settings.

    >>> prefix("acme"), prefix("acme-shop.eu")
    ('INSTAFLOW_ACME_', 'INSTAFLOW_ACME_SHOP_EU_')
    """
    return f"{PREFIX}{re.sub('[^A-Z0-9]+', '_', plugin.upper())}_"


def installed_prefixes() -> tuple[str, ...]:
    """The prefixes of all installed distributions' plugins, without loading any."""
    return tuple(prefix(point.name) for point in importlib.metadata.entry_points(group="instaflow"))


def fill(plugin: str, settings: Sequence[object], environ: Mapping[str, str], taken: Iterable[str]) -> None:
    """Gives each setting its value. ``taken`` = names of the house's settings. Raises PluginError with all problems."""
    problems = []
    for setting in settings:
        if not isinstance(setting, Setting) or not NAME.fullmatch(setting.name):
            raise PluginError(f"instaflow_settings returns Setting objects named in capitals, not {setting!r}")
        name = prefix(plugin) + setting.name
        if name in taken:
            raise PluginError(f"{name} is a setting of InstaFlow's own")
        problem = _read(setting, name, environ.get(name, ""))
        if problem:
            problems.append(problem)
    if problems:
        raise PluginError("; ".join(problems))


def _read(setting: Setting, name: str, text: str) -> str:
    setting.value = setting.default
    if not text:
        return f"{name} is required: {setting.meaning}" if setting.required else ""
    try:
        setting.value = setting.parse(text)
    except (ValueError, TypeError) as e:
        shown = "" if setting.secret or "@" in text else f" '{text}'"
        wanted = "" if setting.secret or text in str(e) else f": it must be {e}"
        return f"{name}{shown} is not valid{wanted}"
    return ""


def strays(plugin: str, settings: Iterable[Setting], environ: Mapping[str, str], taken: Iterable[str]) -> list[str]:
    """Sentences about names with the plugin's prefix that are none of its settings, nor those of a plugin with a longer one."""
    own, mine = prefix(plugin), [prefix(plugin) + s.name for s in settings]
    longer = tuple(p for p in installed_prefixes() if p.startswith(own) and p != own)
    known = {*mine, *taken}
    found = []
    for name in sorted(n for n in environ if n.startswith(own) and n not in known and not n.startswith(longer)):
        better = near(name, mine)
        found.append(f"{name} is no setting of the plugin {plugin}" + (f"; did you mean {better}?" if better else ""))
    return found
