"""What a YAML step shows stands in ``content``, as in the requirements' JSON, and keeps its place in the file."""

from core.host.manager import load
from core.lang import compile_text
from core.lang.reading.source import read

REGISTRY = load(entry_points=False)
FLOW = """flow: shop
start: hello
steps:
  hello:
    say: Hi
    media: [{type: image, url: "https://cdn.example/a.jpg"}]
    quick:
      - {text: "{{nobody|nofilter}}", payload: A, to: cards}
    extra: {content: {colour: teal}}
  cards:
    carousel:
      - {title: "{{1 +}}", buttons: [{text: More, to: hello}]}
"""


def test_the_documents_shape() -> None:
    hello, cards = read(FLOW.encode(), "yaml", "shop.yaml").data["flowDefinition"]["nodes"]
    assert set(hello) == {"id", "type", "content", "connections"}
    assert set(hello["content"]) == {"text", "media", "buttons", "colour"}
    assert cards["content"]["cards"][0]["buttons"][0]["payload"] == "MORE"


def test_places_follow() -> None:
    found = {d.code: d.span for d in compile_text(FLOW, REGISTRY, "yaml").diagnostics if d.severity == "error"}
    assert found["IF122"] is not None and found["IF122"].line == 8
    assert found["IF120"] is not None and found["IF120"].line == 12
