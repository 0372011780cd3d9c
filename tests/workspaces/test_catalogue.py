"""The codes that only a server can give, as the terminal shows them: the examples of their pages in a plan."""

from collections.abc import Callable
from typing import Any

from tests.lang.test_catalogue import BY_THE_SERVER, example
from tests.workspaces.conftest import Folder


def test_as_the_terminal_shows_them(folder: Folder, golden: Callable[[str, Any], None]) -> None:
    told = {}
    for code in sorted(BY_THE_SERVER):
        ending, text = example(code)
        file = f"flows/demo.{ending}"
        folder.write(
            file, text.replace("flow: demo\n", "flow: demo\nstatus: active\nwhen: [{dm_keyword: {keyword: hi}}]\n")
        )
        lines = folder.run("plan").output.splitlines()
        at = next(i for i, line in enumerate(lines) if f" {code}" in line)
        told[code] = [line for line in lines[at : at + 2] if code in line or "= hint" in line]
    golden("lang/catalogue_server", told)
