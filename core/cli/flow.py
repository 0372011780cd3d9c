"""``instaflow flow``: everything about flow files, a module a command."""

import click

from core.cli.lazy import Lazy

TABLE = {
    "check": ("core.cli.flow_check", "Say what is wrong with flow files"),
    "explain": ("core.cli.flow_explain", "Tell what a code of the compiler means, and how to mend it"),
    "compile": ("core.cli.flow_compile", "Compile a flow file to the program that the engine runs"),
    "test": ("core.cli.flow_test", "Play the tests of flows: *.test.yaml"),
    "diff": ("core.cli.flow_diff", "Say what two versions do differently for the people who meet them"),
    "run": ("core.cli.flow_run", "Talk to a flow in the terminal"),
    "record": ("core.cli.flow_record", "Write a conversation down as a test"),
    "replay": ("core.cli.flow_replay", "Play a recorded conversation on a flow file"),
    "overlaps": ("core.cli.flow_overlaps", "Say which flows want the same words"),
    "graph": ("core.cli.flow_graph", "Draw a flow, as SVG or for Mermaid"),
    "texts": ("core.cli.flow_texts", "Print the texts of a flow for translators"),
    "fuzz": ("core.cli.flow_fuzz", "Let random people talk to a flow"),
    "import": ("core.cli.flow_import", "Make a flow of another tool's export"),
    "convert": ("core.cli.flow_convert", "Write a flow file in another notation"),
    "fmt": ("core.cli.flow_fmt", "Put flow files into their one spelling"),
    "merge": ("core.cli.flow_merge", "Put two people's changes of a flow together; a merge driver for git"),
    "data": ("core.cli.flow_data", "Say where what people tell goes"),
    "schema": ("core.cli.flow_schema", "Print the JSON Schema of flow files, for editors"),
    "json": ("core.cli.flow_json", "Print a flow file as the JSON body of the API"),
}


@click.command(cls=Lazy, table=TABLE, epilog="Example: instaflow flow check flows/*.yaml")
def command() -> None:
    """Flow files: checks, compiles, converts and tests them."""
