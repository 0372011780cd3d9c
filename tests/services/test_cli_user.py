"""``instaflow user`` and ``instaflow openapi`` from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli.openapi import command as openapi
from core.cli.user import command
from core.model.errors import ServiceError
from core.services.auth import login
from core.services.sessions import Client


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> CliRunner:
    """A runner whose commands use a database of this test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INSTAFLOW_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("INSTAFLOW_DATABASE_URL", sqlite_url)
    return CliRunner()


def test_creating_and_changing_roles(run: CliRunner) -> None:
    made = run.invoke(command, ["create", "Ana@Example.org", "--role", "admin"])
    assert made.exit_code == 0, made.output
    password = made.output.split("password: ")[1].strip()
    from core.cli.user import _house

    house = _house()
    assert login(house, "ana@example.org", password, Client()).role == "admin"
    assert run.invoke(command, ["role", "ana@example.org", "user"]).exit_code == 0
    assert login(house, "ana@example.org", password, Client()).role == "user"
    assert run.invoke(command, ["role", "nobody@example.org", "user"]).exit_code == 1
    weak = run.invoke(command, ["create", "b@example.org", "--password-stdin"], input="short\n")
    assert isinstance(weak.exception, ServiceError) and "at least 12" in str(weak.exception)
    taken = run.invoke(command, ["create", "ana@example.org", "--password-stdin"], input="seven grey herons\n")
    assert isinstance(taken.exception, ServiceError) and taken.exception.code == "email_taken"


def test_the_document_is_printed_and_compared(run: CliRunner, tmp_path: Path) -> None:
    printed = run.invoke(openapi, [])
    assert printed.exit_code == 0 and json.loads(printed.output)["openapi"] == "3.1.1"
    (tmp_path / "same.json").write_text(printed.output)
    assert run.invoke(openapi, ["--check", str(tmp_path / "same.json")]).exit_code == 0
    (tmp_path / "other.json").write_text("{}")
    assert run.invoke(openapi, ["--check", str(tmp_path / "other.json")]).exit_code == 1
