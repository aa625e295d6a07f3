"""The glossary has every code of the interface (`/core/interface-language`): those of reference lists are data."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.reference.lists import DATA

OPENAPI = Path(__file__).parent.parent.parent / "openapi"
LANGUAGES = {"nl", "en"}


def codes(node: Any) -> Iterator[str]:
    """Every text of an enumeration in the document."""
    if isinstance(node, dict):
        yield from (each for each in node.get("enum", []) if isinstance(each, str))
        for value in node.values():
            yield from codes(value)
    elif isinstance(node, list):
        for value in node:
            yield from codes(value)


def test_every_code_is_in_the_glossary() -> None:
    document = json.loads((OPENAPI / "openapi.json").read_text())
    known = set(re.findall(r"`([^`]+)`", (OPENAPI / "glossary.md").read_text()))
    reference = {line.partition(",")[0] for file in DATA.glob("*.csv") for line in file.read_text().splitlines()}
    assert set(codes(document)) - known - reference - LANGUAGES == set()
