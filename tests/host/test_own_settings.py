"""Plugins' own settings from the environment, and plugins that an operator switches off."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.host.manager import load
from core.host.notes import tell
from core.model.errors import SettingsError
from core.settings import load as load_settings
from tests.cli.test_start import instaflow

SETTINGS = """
from instaflow import Outcome, Setting, hookimpl
KEY = Setting("API_KEY", meaning="Acme's key", secret=True, required=True)
LIMIT = Setting("LIMIT", 10, "Most requests a minute", parse=int)
class Greet:
    kind = "acme.greet"
    def perform(self, call, http):
        return Outcome("sent", data={"limit": LIMIT.value, "key": len(KEY.value)})
@hookimpl
def instaflow_effect_handlers(): return [Greet()]
@hookimpl
def instaflow_settings(): return [KEY, LIMIT]
"""
OWN = "INSTAFLOW_ACME_OWN_"


@pytest.fixture
def own(install: Any) -> str:
    return str(install("own", SETTINGS))


def problems(environ: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    registry = load(environ=environ)
    return next(p.problem for p in registry.plugins if p.name == "acme_own"), tuple(registry.notes)


def test_values_come_from_the_environment(own: str) -> None:
    registry = load(environ={f"{OWN}API_KEY": "canary", f"{OWN}LIMIT": "25"})
    outcome = registry.handlers["acme.greet"].perform(None, None)  # type: ignore[arg-type]
    assert outcome.data == {"limit": 25, "key": 6} and [s.name for s in registry.settings] == ["API_KEY", "LIMIT"]
    again = load(environ={f"{OWN}API_KEY": "canary"}).handlers["acme.greet"]
    assert again.perform(None, None).data["limit"] == 10  # type: ignore[arg-type]


def test_wrong_ones_leave_the_plugin_out_and_say_which(own: str) -> None:
    says, _ = problems({f"{OWN}LIMIT": "many"})
    assert f"{OWN}API_KEY is required: Acme's key" in says and f"{OWN}LIMIT 'many' is not valid" in says
    says, _ = problems({f"{OWN}LIMIT": "me@canary", f"{OWN}API_KEY": "x"})
    assert "canary" not in says
    assert "acme.greet" not in load(environ={}).handlers


def test_a_name_that_nobody_knows_is_told(own: str) -> None:
    says, notes = problems({f"{OWN}API_KEY": "x", f"{OWN}LIMT": "3"})
    assert says == "" and notes == (f"{OWN}LIMT is no setting of the plugin acme_own; did you mean {OWN}LIMIT?",)


def test_a_plugin_cannot_take_a_setting_of_the_house(install: Any) -> None:
    install(
        "own", "from instaflow import Setting, hookimpl\n@hookimpl\ndef instaflow_settings(): return [Setting('low')]\n"
    )
    assert "named in capitals" in problems({})[0]


def test_the_start_is_not_stopped_by_them(own: str, tmp_path: Path) -> None:
    environ = {"INSTAFLOW_DATA_DIR": str(tmp_path), f"{OWN}API_KEY": "x"}
    assert load_settings(environ).data_dir == tmp_path
    with pytest.raises(SettingsError, match="INSTAFLOW_ACME_OTHER is not a setting"):
        load_settings({**environ, "INSTAFLOW_ACME_OTHER": "x"})


def test_switched_off_by_the_setting(own: str) -> None:
    registry = load(environ={"INSTAFLOW_PLUGINS_OFF": "acme_own, nodes"})
    assert not {"acme_own", "plugins.nodes"} & {p.name for p in registry.plugins} and not registry.node_types
    assert registry.notes == (
        "the plugin acme_own is switched off by INSTAFLOW_PLUGINS_OFF",
        "the plugin plugins.nodes is switched off by INSTAFLOW_PLUGINS_OFF",
    )


def test_an_unknown_name_is_told(own: str) -> None:
    [note] = load(environ={"INSTAFLOW_PLUGINS_OFF": "acme_on", f"{OWN}API_KEY": "x"}).notes
    assert note == "INSTAFLOW_PLUGINS_OFF names 'acme_on', which is not installed; did you mean 'acme_own'?"


def test_without_a_way_out_nothing_starts() -> None:
    with pytest.raises(SettingsError, match="no plugin offers the transport 'graph'"):
        tell(load(entry_points=False, off=["http"]))


def test_the_doctor_tells_all_of_it(own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setenv("PYTHONPATH", sys.path[0])
    told = instaflow("doctor", "--json", data_dir=tmp_path / "d", acme_own_limit="many", plugins_off="triggers,nobody")
    found = {(f["about"], f["state"]): f["says"] for f in json.loads(told.stdout)["findings"]}
    assert f"{OWN}LIMIT 'many' is not valid" in found["plugin acme_own", "problem"]
    says = [f["says"] for f in json.loads(told.stdout)["findings"] if f["about"] == "plugins"]
    assert any("'nobody', which is not installed" in s for s in says) and any(
        "plugins.triggers is switched" in s for s in says
    )
    shown = json.loads(instaflow("plugin", "list", "--json", data_dir=tmp_path / "d").stdout)["plugins"]
    assert "API_KEY is required" in next(p["problem"] for p in shown if p["name"] == "acme_own")
