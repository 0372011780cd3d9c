"""``instaflow bench``: measures this machine with this installation's code; the figures are ratios or medians of one run."""

import importlib

import click

PARTS = {
    "engine": ("core.cli.bench_engine", "Steps a second, in memory and with run state loaded and dumped"),
    "match": ("core.cli.bench_match", "Keyword triggers: cost of a message, time to build"),
    "lang": ("core.cli.bench_lang", "The compiler: the requirements' flow and a flow of 1000 steps"),
}


@click.group(name="bench", epilog="Example: instaflow bench engine · make bench compares with hand-written bots")
def command() -> None:
    """Measure the parts, or shake the whole with kill -9."""


def _part(name: str, module: str, line: str) -> click.Command:
    def run() -> None:
        importlib.import_module(module).main()

    return click.Command(name, callback=run, help=line, epilog=f"Example: instaflow bench {name}")


for _name, (_module, _line) in PARTS.items():
    command.add_command(_part(_name, _module, _line))


@command.command(epilog="Example: instaflow bench chaos --kills 100 --store postgresql")
@click.option("--kills", default=100, show_default=True, help="How often something is killed.")
@click.option("--accounts", default=20, show_default=True, help="Connected accounts.")
@click.option(
    "--store",
    default="sqlite",
    show_default=True,
    type=click.Choice(["sqlite", "postgresql"]),
    help="postgresql starts a private PostgreSQL and Redis.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of everything that is random.")
@click.option(
    "--flush/--no-flush", default=False, help="Also delete the whole queue in mid-run, and measure what it costs."
)
def chaos(kills: int, accounts: int, store: str, seed: int, flush: bool) -> None:
    """Kill -9 web, worker and everything at random, redeliver, swallow answers, lose echoes; then count every message."""
    from core.cli.chaos import main

    main(kills, accounts, store, seed, flush)
