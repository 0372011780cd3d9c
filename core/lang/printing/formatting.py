"""Files of flows in their one spelling, whatever the notation."""

import re
from collections.abc import Iterator, Mapping

from core.lang.printing.json_form import to_json
from core.lang.printing.text_format import format_text
from core.lang.printing.yaml_form import to_yaml
from core.lang.reading import read
from core.lang.reading.json_text import comments_in
from core.lang.reading.unreadable import Unreadable

_HEAD = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*")
_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]+#")


class WouldLose(Exception):
    """The formatter of this notation cannot keep something of the file; the file is better left as it is."""


def formatted(text: str, notation: str) -> str:
    """The text as its notation's printer writes it; a second time changes nothing. ``notation``: json, yaml or flow.

    The text language keeps its comments and the order of its lines. JSON and YAML come out in the normal form; YAML keeps the
    comments above the first key. Raises WouldLose for other comments, Unreadable for what is no flow.

    >>> formatted('{"nodes": [], "startNodeId": "a"}', "json")
    '{\\n  "nodes": [],\\n  "startNodeId": "a"\\n}\\n'
    """
    if notation == "flow":
        return format_text(text)
    data = read(text, notation, "flow").data
    if not isinstance(data, Mapping) or not {"flowDefinition", "nodes"} & set(data):
        raise Unreadable("this is no flow", hint="a flow has steps; name the files of flows only")
    if notation == "json":
        if comments_in(text):
            raise WouldLose("it has comments, which JSON cannot keep")
        return to_json(data)
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    found = _HEAD.match(plain)
    head = found[0] if found else ""
    if any(_yaml_comments(plain[len(head) :])):
        raise WouldLose("it has comments between its lines, which the YAML printer cannot keep")
    return head + to_yaml(data)


def _yaml_comments(text: str) -> Iterator[int]:
    """Where comments begin. Raises WouldLose where the scanner, which is stricter than the reader, cannot tell."""
    import yaml

    try:
        tokens = list(yaml.scan(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as e:
        said = getattr(e, "problem", None) or str(e).partition("\n")[0]
        raise WouldLose(f"YAML that cannot be printed for certain: {said}") from None
    scalars = [(t.start_mark.index, t.end_mark.index) for t in tokens if isinstance(t, yaml.ScalarToken)]
    for sign in re.finditer(r"(?<!\S)#", text):
        at = sign.start()
        inside = next((a for a, z in scalars if a <= at < z), None)
        if inside is None or _BLOCK.match(text, inside, at + 1):
            yield at
