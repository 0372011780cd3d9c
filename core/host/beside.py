"""What stands beside a flow on disk: its translations in the folder ``locales``."""

from pathlib import Path


def locales_beside(flow: Path) -> dict[str, bytes]:
    """Language to the bytes of ``locales/<language>.yaml`` in the flow's folder; empty when there is no such folder.

    Raises OSError for a file that is there and cannot be read.
    """
    folder = flow.parent / "locales"
    files = sorted(p for p in folder.glob("*.y*ml") if p.suffix in (".yaml", ".yml")) if folder.is_dir() else []
    return {p.stem: p.read_bytes() for p in files}
