"""``instaflow bench lang``: the compiler on the requirements' flow and on a flow of 1000 steps, beside ``json.loads``."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import click

from core.host.manager import load
from core.host.registry import Registry
from core.lang import compile_definition, compile_text
from core.lang.checks.run import run_checks
from core.lang.reading import read
from core.lang.report import Report
from core.lang.triggers import look_at_triggers

ROUNDS = 7
STEPS = 1000
FLOWS, EACH = 200, 30
BAR_MS = 5.0
TEXT_BAR_MS = 600.0
PART_BAR_MS = 100.0
"""For a flow of 1000 steps to become a program, and for the program to be looked at."""
FLOWS_BAR_MS = 3000.0
START_BAR_MS = 400.0

SMALL: dict[str, Any] = {
    "startNodeId": "node_1",
    "nodes": [
        {"id": "node_1", "type": "start", "connections": [{"targetNodeId": "node_2", "condition": None}]},
        {
            "id": "node_2",
            "type": "message",
            "content": {
                "text": "Hello {{contact.firstName|default('there')}}! How can I help you today?",
                "buttons": [
                    {"type": "quick_reply", "text": "Browse Products", "payload": "BROWSE_PRODUCTS"},
                    {"type": "quick_reply", "text": "Contact Support", "payload": "CONTACT_SUPPORT"},
                ],
            },
            "connections": [
                {"targetNodeId": "node_3", "condition": {"type": "button_payload", "value": "BROWSE_PRODUCTS"}},
                {"targetNodeId": "node_4", "condition": {"type": "button_payload", "value": "CONTACT_SUPPORT"}},
            ],
        },
        {
            "id": "node_3",
            "type": "tag_contact",
            "tagName": "browsed_products",
            "connections": [{"targetNodeId": "node_5", "condition": None}],
        },
        {"id": "node_4", "type": "human_takeover", "messageToAgent": "User requested support.", "connections": []},
        {
            "id": "node_5",
            "type": "wait",
            "durationSeconds": 3600,
            "connections": [{"targetNodeId": "node_6", "condition": None}],
        },
        {
            "id": "node_6",
            "type": "get_input",
            "prompt": "Can I get your email for updates?",
            "inputType": "email",
            "saveToAttribute": "email",
            "connections": [{"targetNodeId": None, "condition": {"type": "input_valid", "value": True}}],
        },
    ],
}
"""The shape of the requirements' flow."""


def large(steps: int = STEPS) -> dict[str, Any]:
    """A chain of messages with quick replies."""
    nodes: list[dict[str, Any]] = [
        {"id": "s", "type": "start", "connections": [{"targetNodeId": "m0", "condition": None}]}
    ]
    for i in range(steps - 1):
        to = f"m{i + 1}" if i < steps - 2 else None
        nodes.append(
            {
                "id": f"m{i}",
                "type": "message",
                "content": {
                    "text": f"Step {i}, {{{{contact.firstName|default('friend')}}}}",
                    "buttons": [{"type": "quick_reply", "text": "Next", "payload": "NEXT"}],
                },
                "connections": [{"targetNodeId": to, "condition": {"type": "button_payload", "value": "NEXT"}}],
            }
        )
    return {"startNodeId": "s", "nodes": nodes}


def large_text() -> str:
    """The same chain in the text language, a section for each message."""
    lines = ["flow large"]
    for i in range(STEPS - 1):
        to = f"m{i + 1}" if i < STEPS - 2 else "end"
        said = f"  say \"Step {i}, {{{{contact.firstName|default('friend')}}}}\""
        lines += ["", f"m{i}:", said, f'    quick "Next" -> {to}']
    return "\n".join(lines) + "\n"


def median_ms(work: Callable[[], object]) -> float:
    """Milliseconds of CPU, the median of the rounds after one that warms up."""
    work()
    took = []
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        work()
        took.append((time.process_time_ns() - start) / 1e6)
    return statistics.median(took)


def main() -> None:
    """Prints the table; the ratio is to the standard library reading the same JSON in the same run."""
    registry = load(entry_points=False)
    click.echo(f"{'flow':28}{'ms':>9}{'x json.loads':>14}")
    for name, flow in (("the requirements' flow", SMALL), (f"{STEPS} steps", large())):
        text = json.dumps(flow)
        base = median_ms(lambda text=text: json.loads(text))  # type: ignore[misc]
        for way, ms in (
            ("from a dict", median_ms(lambda flow=flow: compile_definition(flow, registry))),  # type: ignore[misc]
            ("from text", median_ms(lambda text=text: compile_text(text, registry))),  # type: ignore[misc]
        ):
            bar = f"   bar {BAR_MS:.0f} ms: {'ok' if ms <= BAR_MS else 'MISSED'}" if flow is SMALL else ""
            click.echo(f"{name + ', ' + way:36}{ms:9.2f}{ms / max(base, 1e-6):12.0f}{bar}")
    whole = median_ms(lambda: compile_definition(large(), registry)) - median_ms(large)
    looked = median_ms(_analysis(registry))
    text = large_text()
    flow = large(EACH)
    for name, ms, most in (
        (f"{STEPS} steps, to a program", whole - looked, PART_BAR_MS),
        (f"{STEPS} steps, analysis", looked, PART_BAR_MS),
        (f"{STEPS} steps, .flow to a dict", median_ms(lambda: read(text, "flow", "")), TEXT_BAR_MS),
        (f"{FLOWS} flows of {EACH} steps", FLOWS * median_ms(lambda: compile_definition(flow, registry)), FLOWS_BAR_MS),
        ("start of the command", _start_ms(), START_BAR_MS),
    ):
        told = "ok" if ms <= most else "MISSED"
        click.echo(f"{name:36}{ms:9.2f}{ms / max(base, 1e-6):12.0f}   bar {most:.0f} ms: {told}")


def _analysis(registry: Registry) -> Callable[[], object]:
    """Everything that is looked at in a program, again and again."""
    done = compile_definition(large(), registry)
    doc, program = done.doc, done.program
    assert doc is not None and program is not None

    def look() -> None:
        run_checks(doc, program, registry, Report())
        look_at_triggers(doc.triggers, program, registry, Report())

    return look


def _start_ms() -> float:
    """Wall time of ``instaflow flow --help``, the median of a few."""
    took = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "core.cli", "flow", "--help"], check=True, capture_output=True)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
