"""Third parties' distributions with an entry point: the good one works, the broken ones are named and left out whole."""

import pytest

from core.host.manager import DEFAULT_PLUGINS, load
from core.host.registry import Plugin
from core.model.errors import DuplicateName

GOOD = """
from instaflow import Outcome, hookimpl
class Greet:
    kind = "acme.greet"
    def perform(self, call, http):
        return Outcome("sent", data={})
@hookimpl
def instaflow_effect_handlers():
    return [Greet()]
@hookimpl
def instaflow_language():
    return {"filters": {"shout": "value|upper"}}
"""
HOOK = "from instaflow import hookimpl\n{more}\n@hookimpl\ndef instaflow_{hook}({args}):\n    {body}\n"


def hook(body: str, name: str = "node_types", args: str = "", more: str = "") -> str:
    return HOOK.format(hook=name, body=body, args=args, more=more)


BROKEN = {
    "import_error": ("raise RuntimeError('at import')", "RuntimeError: at import"),
    "leaves": ("import sys\nsys.exit(3)", "SystemExit: 3"),
    "syntax": ("def", "SyntaxError"),
    "raises": (hook("raise ValueError('in a hook')"), "ValueError: in a hook"),
    "exits": (hook("raise SystemExit(4)"), "SystemExit: 4"),
    "nothing": (hook("return None"), "'NoneType' object is not iterable"),
    "no_such_thing": (hook("return [object()]"), "has no attribute 'name'"),
    "half": (
        hook("return [Half()]", more="class Half:\n    name = 'half'"),
        "lacks problems, json_schema, exits, lower",
    ),
    "unknown_hook": (hook("return []", name="everything"), "unknown hook 'instaflow_everything'"),
    "other_arguments": (hook("return []", args="house"), "PluginValidationError"),
    "odd_language": (hook("return {'spells': {}}", name="language"), "knows no 'spells'"),
}


def third(plugins) -> list[Plugin]:
    return [p for p in plugins if p.name.startswith("acme_")]


def test_a_good_distribution_is_found(install) -> None:
    install("good", GOOD)
    registry = load()
    assert third(registry.plugins) == [Plugin("acme_good", "1.2", "")]
    assert "acme.greet" in registry.handlers and registry.language.filters == {"shout": "value|upper"}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_is_named_and_the_others_work(name: str, install) -> None:
    code, problem = BROKEN[name]
    install(name, code)
    install("zgood", GOOD)
    registry = load()
    bad, good = third(registry.plugins)
    assert (bad.name, bad.version) == (f"acme_{name}", "1.2") and problem in bad.problem
    assert not good.problem and "acme.greet" in registry.handlers
    assert set(registry.node_types) == set(load(entry_points=False).node_types)


def test_one_that_takes_a_name_is_left_out_whole(install) -> None:
    taken = "class Send:\n    kind = 'send'\n    perform = None\n"
    install("taker", GOOD + taken + "@hookimpl\ndef instaflow_checks():\n    return [print]\n")
    install("zgood", GOOD)
    registry = load()
    first, second = third(registry.plugins)
    assert first.problem == "" and second.problem == "'acme.greet' is registered by acme_taker and by acme_zgood"
    assert list(registry.checks).count(print) == 1


def test_a_built_in_name_cannot_be_taken(install) -> None:
    more = "class Send:\n    kind = 'send'\n    perform = None"
    install("taker", hook("return [Send()]", name="effect_handlers", more=more))
    registry = load()
    assert third(registry.plugins)[0].problem == "'send' is registered by plugins.instagram and by acme_taker"
    assert registry.handlers["send"].perform is not None


def test_named_plugins_must_not_clash() -> None:
    with pytest.raises(DuplicateName):
        load((*DEFAULT_PLUGINS, "plugins.http"), entry_points=False)


def test_an_operator_can_switch_one_off(install) -> None:
    install("good", GOOD)
    assert not third(load(off=["acme_good"]).plugins)
