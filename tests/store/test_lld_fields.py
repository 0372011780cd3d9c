"""Every field and enumeration of LLD 3.1-3.8 has its column, and its place in its entity's answer."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Integer, Numeric, String, Text

from core.host.manager import load
from core.store.tables import metadata
from core.store.types import Id, Json

ENTITIES: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "cases/lld_fields.yaml").read_text())
COLUMN_TYPES = {
    "uuid": Id,
    "string": String,
    "text": Text,
    "enum": String,
    "timestamp": BigInteger,
    "json": Json,
    "strings": Json,
    "boolean": Boolean,
    "integer": Integer,
    "decimal": Numeric,
}
FIELDS = [
    pytest.param(entity, name, spec if isinstance(spec, dict) else {"type": spec}, id=f"{entity}.{name}")
    for entity, described in ENTITIES.items()
    for name, spec in described["fields"].items()
]
ENUMS = [p for p in FIELDS if p.values[2]["type"] == "enum"]  # type: ignore[index]
SHOWN = [entity for entity, described in ENTITIES.items() if "answer" in described]


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", r"_\1", name).lower()


def named(path: str) -> Any:
    module, name = path.split(":")
    return getattr(import_module(module), name)


def column(entity: str, name: str) -> Column[Any]:
    return metadata.tables[ENTITIES[entity]["table"]].c[snake(name)]


@pytest.mark.parametrize(("entity", "name", "spec"), FIELDS)
def test_field_is_stored(entity: str, name: str, spec: dict[str, Any]) -> None:
    for path in spec.get("from", ()):
        table, source = path.split(".")
        assert source in metadata.tables[table].c
    if "from" not in spec:
        assert isinstance(column(entity, name).type, COLUMN_TYPES[spec["type"]])


@pytest.mark.parametrize(("entity", "name", "spec"), ENUMS)
def test_values_are_the_requirements(entity: str, name: str, spec: dict[str, Any]) -> None:
    if spec.get("registered"):
        assert set(spec["values"]) <= set(load(entry_points=False).trigger_types)
    elif "named" in spec:
        assert list(named(spec["named"]))[: len(spec["values"])] == spec["values"]
    else:
        table = column(entity, name).table
        [check] = [
            c for c in table.constraints if isinstance(c, CheckConstraint) and str(c.name).endswith(f"_{snake(name)}")
        ]
        assert re.findall(r"'(\w+)'", str(check.sqltext)) == spec["values"]


@pytest.mark.parametrize("entity", SHOWN)
def test_answer_shows_every_field_but_the_secret_ones(entity: str) -> None:
    described = ENTITIES[entity]
    shown = {field.data_key for field in named(described["answer"])().fields.values()}
    secret = {n for n, spec in described["fields"].items() if isinstance(spec, dict) and spec.get("secret")}
    assert set(described["fields"]) - secret - shown == set()
    assert secret & shown == set()


def test_no_other_entity_is_missing() -> None:
    assert list(ENTITIES) == [
        "User", "InstagramAccount", "Flow", "Trigger", "Contact", "MessageLog", "Conversation", "SubscriptionPlan"
    ]  # fmt: skip
