"""The parser's tables: kept as JSON beside the grammar, because making them takes longer than reading most flows.

A test tells when they are not of the grammar any more, and ``make golden`` writes them anew.
"""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_GRAMMARS = (_FOLDER / "grammar.lark", _FOLDER.parent / "expressions" / "grammar.lark")
TABLES = _FOLDER / "grammar.json"
_STARTS = ["flow_line", "label_line", "header_line", "place_line", "step", "option"]


@lru_cache(maxsize=1)
def parser() -> Any:
    """Lark's parser for single lines, made from the kept tables when there are any."""
    return load(TABLES.read_bytes() if TABLES.is_file() else b"")


def load(tables: bytes) -> Any:
    """The parser from ``tables`` (as ``made`` gives them), else from the grammar: tables of another grammar or of another
    version of Lark are not used."""
    import lark

    kept = json.loads(tables) if tables else {}
    if kept.get("of") != source():
        return built()
    memo = {int(k): v for k, v in kept["memo"].items()}
    return lark.Lark._load_from_dict(_numbered(kept["data"]), memo)  # type: ignore[no-untyped-call]


def built() -> Any:
    """The parser made from the grammar: a tenth of a second or more."""
    from lark import Lark

    return Lark.open(
        str(_GRAMMARS[0]),
        import_paths=[str(_FOLDER.parent)],
        parser="lalr",
        lexer="contextual",
        start=_STARTS,
        propagate_positions=True,
        maybe_placeholders=True,
    )


def made() -> bytes:
    """The tables of the grammar as JSON."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    data, memo = built().memo_serialize([TerminalDef, Rule])
    data["options"] |= {"import_paths": [], "source_path": None}
    kept = {"of": source(), "data": data, "memo": memo}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def source() -> str:
    """What tables are made of: the version of Lark, and a digest of the grammars."""
    import lark

    texts = b"\0".join(g.read_bytes().replace(b"\r\n", b"\n") for g in _GRAMMARS)
    return f"lark {lark.__version__} sha256:{sha256(texts).hexdigest()}"


def _numbered(data: dict[str, Any]) -> dict[str, Any]:
    """JSON's keys are texts; states and tokens are numbered."""
    table = data["parser"]["parser"]
    table["tokens"] = {int(n): name for n, name in table["tokens"].items()}
    table["states"] = {
        int(n): {int(token): tuple(move) for token, move in row.items()} for n, row in table["states"].items()
    }
    return data
