"""Files of many lines over HTTP: what comes in as a stream, and answers with a line for each, or with a table."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from fastapi import Request, Response
from starlette.requests import ClientDisconnect

from app.domain.language import Language
from app.kit.errors import InvalidInputError
from app.kit.files.limits import MOST
from app.kit.files.records import Fault
from app.kit.http.accept import preferred
from app.kit.http.language import language_of
from app.kit.http.problem import UNREADABLE
from app.kit.http.respond import respond_bytes
from app.kit.json_bytes import to_json
from app.kit.media_types import CSV, JSON, NDJSON, XLSX

_FORMS: Final = (
    "as a list, as a line of JSON each, or as a table (see the template): text with commas, semicolons or tabs, in "
    "UTF-8, UTF-16, Windows-1252, code page 850 (MS-DOS) or Mac Roman, or an Excel workbook, of which the first sheet "
    "in view that is not empty is read. May be sent as gzip (Content-Encoding)."
)
BY_FORM: Final = {"Vary": "Accept, Accept-Language, Authorization"}
"""The header of an answer whose form is what `Accept` asks for."""


async def chunks_of(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes; `InvalidInputError` where the sender goes away before its end."""
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect as error:
        raise InvalidInputError(UNREADABLE) from error


def body_of(schema: Mapping[str, Any], things: str, thing: str) -> dict[str, Any]:
    """The body of an operation that takes files, for OpenAPI: a list of `schema`; called "The reports", "A report"."""
    lines = {"description": f"{thing} a line.", "type": "string"}
    workbook = {
        "description": f"A workbook with {thing[0].lower()}{thing[1:]} a row.",
        "type": "string",
        "format": "binary",
    }
    return {
        "required": True,
        "description": f"{things}: {_FORMS}",
        "content": {
            JSON: {"schema": {"type": "array", "minItems": 1, "maxItems": MOST, "items": dict(schema)}},
            NDJSON: {"schema": lines},
            CSV: {"schema": lines},
            XLSX: {"schema": workbook},
        },
    }


def lines_of(thing: str, *last: str) -> dict[str, Any]:
    """The schema of an answer in NDJSON: a line for each `thing`, and one with what is told of the file (`last`)."""
    names = " and ".join(f"`{name}`" for name in last)
    text = (
        f"A line for each {thing}, as it is among `items`, in order. Where something is to be known of the file, a "
        f"last line with {names} alone."
    )
    return {"description": text, "type": "string"}


def hints_out(request: Request, hints: Sequence[Fault]) -> list[dict[str, str]]:
    """What was taken for granted, as it goes over the wire."""
    return [{"code": code, "detail": text.in_(language_of(request))} for code, text in hints]


def respond_lines(
    request: Request, items: Sequence[Mapping[str, Any]], whole: Mapping[str, Any], last: Mapping[str, Any]
) -> Response:
    """The answer to a file: as `Accept` asks, these `items` a line each and then `last`, where that says anything, or
    the `whole` of which they are part."""
    if preferred(request, JSON, NDJSON) == NDJSON:
        lines = [*items, last] if last else items
        return respond_bytes(request, b"".join(to_json(line) + b"\n" for line in lines), NDJSON)
    return respond_bytes(request, to_json(whole), JSON)


def respond_table(request: Request, body: bytes, media_type: str, name: str, language: Language) -> Response:
    """A table to be saved under this name, in the language that its heading is in."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": language}
    kind = media_type if media_type == XLSX else f"{CSV}; charset=utf-8"
    return respond_bytes(request, body, kind, headers=headers | BY_FORM)


def template_of(heading: str) -> dict[int | str, dict[str, Any]]:
    """The responses of an operation that answers with an empty table, for OpenAPI."""
    return {
        200: {
            "content": {
                CSV: {"schema": {"type": "string", "description": heading}},
                XLSX: {"schema": {"type": "string", "format": "binary", "description": "A workbook with the heading."}},
            }
        }
    }
