"""YAML: the flat form where it can say the document, else the document as it is."""

from collections.abc import Mapping
from typing import Any

import yaml

from core.lang.printing.flat import flat_of
from core.lang.printing.normal import normal
from core.lang.reading.source import read
from core.lang.reading.yaml_text import scalar

WIDTH = 120


def to_yaml(definition: Mapping[str, Any]) -> str:
    """The text. It reads as ``normal(definition)`` again; a bare definition comes back in an envelope."""
    wanted = normal(definition)
    flat = flat_of(wanted)
    if flat is not None:
        text = _dumped(flat)
        if _same(text, wanted):
            return text
    return _dumped(wanted)


def _same(text: str, wanted: Mapping[str, Any]) -> bool:
    back = normal(read(text, "yaml", "flow.yaml").data)
    if "flowDefinition" not in wanted and set(back) == {"flowDefinition"}:
        back = back["flowDefinition"]
    return bool(_sorted(back) == _sorted(wanted))


def _sorted(value: Any) -> Any:
    """The order of keys and of steps means nothing."""
    if isinstance(value, Mapping):
        out = {k: _sorted(v) for k, v in value.items()}
        if isinstance(out.get("nodes"), list):
            out["nodes"] = sorted(out["nodes"], key=lambda n: str(n.get("id")) if isinstance(n, Mapping) else "")
        return out
    return [_sorted(v) for v in value] if isinstance(value, list) else value


class _Dumper(yaml.SafeDumper):
    """Texts in quotes where YAML would take them for something else; long ones as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if (
        "\n" in text
        and all(c.isprintable() or c == "\n" for c in text)
        and not any(x != x.rstrip() for x in text.split("\n"))
    ):
        style = "|"
    elif scalar(text) != text or text != text.strip() or not text.isprintable():
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _dumped(data: Any) -> str:
    text: str = yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None
    )
    return text
