"""What fuzzing begins with: the example flows in every notation, their tests, expressions and properties, and known bad input."""

from collections.abc import Iterator
from pathlib import Path

from core.lang.printing import to_json, to_text, to_yaml
from core.lang.reading import read

EXAMPLES = Path(__file__).parents[2] / "flows_examples"
PRINT = {"json": to_json, "yaml": to_yaml, "flow": to_text}
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nsteps: *c\n"
EXPRESSIONS = (
    "contact.firstName|default('there')|title",
    'tagged vip and contact.score > (1 + 2) * 3 or not says ["yes", "no"]',
    "Hello {{contact.firstName|default('you')}}, {{ {a: [1, 2.5, 1h30m]} }}!",
    "matches(last.text, 'a+b') and in_segment(\"x\")",
)
PROPERTIES = (
    'say "*coupon*" unless tagged customer after step a until end',
    "contact.email is set when call crm.*",
    "comment_reply or tap YES before say",
)
WORDS = (
    *('"startNodeId"', '"nodes"', '"connections"', '"targetNodeId"', '"condition"', '"type"', "steps:", "when:"),
    *("say", "ask", "branch", "layout", "quick", "routes", "{{", "}}", "->", "???", "&a", "*a", "!!", '"""', "## "),
    *("never", "unless", "\t", "\\u0000", "\ufeff", "9" * 40, "[" * 50, "{" * 50, "(" * 50, "1e999", "/(a+)+$/"),
)
"""Words that the fuzzers put into their inputs."""


def seeds(target: str) -> Iterator[bytes]:
    """The first inputs of a target."""
    if target in PRINT:
        yield from (f.encode() for f in flows(target))
        yield BOMB.encode()
        yield ("[" * 3000).encode()
    elif target == "test":
        yield from (f.read_bytes() for f in sorted(EXAMPLES.rglob("*.test.yaml")))
    else:
        yield from (t.encode() for t in (EXPRESSIONS if target == "expression" else PROPERTIES))


def flows(notation: str) -> Iterator[str]:
    """The example flows."""
    for file in sorted(EXAMPLES.rglob("*")):
        if file.suffix in (".yaml", ".json", ".flow") and ".test." not in file.name and "locales" not in file.parts:
            data = read(file.read_bytes(), None, file.name).data
            if isinstance(data, dict) and ("flowDefinition" in data or "nodes" in data):
                yield PRINT[notation](data)
