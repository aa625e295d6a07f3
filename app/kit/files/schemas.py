"""Files of many lines, as they go over the wire: what is said of every kind of them."""

from typing import Any, Final

from pydantic import Field

from app.kit.schemas import Answer, described

PROBLEM_OF_LINE: Final[Any] = Field(
    description="Why it was rejected (RFC 9457); null where it was not.",
    examples=[None],
    json_schema_extra={"anyOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "null"}]},
)
"""The field of what is wrong with a line."""


class FileHint(Answer):
    """Something that was taken for granted in reading the file, for its sender to check."""

    code: str = described(
        "`windows-1252`, `code-page-850`, `mac-roman`: that it is encoded so; `other-sheets`: that other sheets of the "
        "workbook were not read.",
        "windows-1252",
    )
    detail: str = described(
        "What was taken for granted, and what to do where it is not so.",
        "Het bestand is gelezen als Windows-1252, want het is geen UTF-8.",
    )
