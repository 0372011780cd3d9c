"""A flow to talk to, through the command as somebody types it."""

from pathlib import Path

from click.testing import CliRunner

from core.cli.flow_run import command

FLOW = Path(__file__).parents[2] / "flows_examples" / "requirements.json"


def typed(*lines: str) -> str:
    done = CliRunner().invoke(command, [str(FLOW)], input="\n".join(lines) + "\n")
    assert done.exit_code == 0, done.output
    return done.output


def test_a_conversation() -> None:
    said = typed("1", ":advance 1h", "nonsense", "Ana@Mail.example", ":contact", ":quit", "never read")
    for line in (
        "1  Browse Products",
        "* tag: browsed_products",
        "Mon 05 Jan 2026 11:00",
        "Can I get your email",
        "That does not look",
    ):
        assert line in said
    assert '{"email": "ana@mail.example", "tags": ["browsed_products"]}' in said
    assert said.count("the run is over") == 1 and "never read" not in said


def test_the_commands() -> None:
    said = typed(":contact firstName=Ana", ":tag vip", ":restart", ":state", ":why", ":start comment win", ":nope", ":advance soon", ":result success {", ":help")  # fmt: skip
    assert '"tags": ["vip"]' in said and "there is no ':nope'" in said and "how long?" in said and "is not JSON" in said
    assert "Starts" in said or "The flow starts" in said
    assert "24 h 0 min are left" in said and "This goes out as the one private reply" in said


def test_a_file_that_cannot_be_played(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("steps: [")
    done = CliRunner().invoke(command, [str(bad)])
    assert done.exit_code == 1 and "IF001" in done.output
