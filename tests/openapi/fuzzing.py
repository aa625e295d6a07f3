"""Requests made up from the OpenAPI document (schemathesis): what fits it, and what does not."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

BASE: Final = "http://test/v1"
CHECKS: Final = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
"""An answer has a status, headers and a body that its operation declares; a 5xx is none but a 503."""
_STREAM: Final = "text/event-stream"

Operation = APIOperation[Any, Any, Any, Any]
Made = Case[Any]


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """All of them but streams, which have no end."""
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation: Operation = found.ok()  # type: ignore[union-attr]  # an Err fails here, with what is wrong
        if not _is_stream(document["paths"][operation.path][operation.method.lower()]):
            yield operation


def _is_stream(declared: dict[str, Any]) -> bool:
    return any(_STREAM in each.get("content", {}) for each in declared["responses"].values())


def cases(operation: Operation, mode: GenerationMode, number: int, many: int) -> list[Made]:
    """So many requests to it, the same ones for the same number."""
    made: list[Made] = []

    @seed(number)
    @settings(
        max_examples=many,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        deadline=None,
    )
    @given(case=operation.as_strategy(mode))
    def collect(case: Made) -> None:
        made.append(case)

    try:
        collect()
    except Exception as error:
        if type(error).__name__ not in {"Unsatisfiable", "SkipTest"}:
            raise
    return made


def request_of(case: Made, headers: dict[str, str]) -> httpx.Request:
    """The request, asked with these headers too."""
    keys = {"method", "url", "headers", "params", "data", "json", "files", "cookies"}
    given_ = {name: value for name, value in case.as_transport_kwargs(base_url=BASE).items() if name in keys}
    sent = requests.Request(**given_).prepare()
    content: Any = sent.body or b""
    asked = {name: value if isinstance(value, str) else value.decode("latin-1") for name, value in sent.headers.items()}
    return httpx.Request(sent.method or "GET", sent.url or BASE, headers=asked | headers, content=content)


def faults(case: Made, answer: httpx.Response) -> list[str]:
    """What is wrong of an answer."""
    told = f"{answer.request.method} {answer.request.url.raw_path.decode()}: {answer.status_code}"
    if answer.status_code >= 500 and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
        return [f"{told}: {answer.text}"]
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        return [f"{told}: {each.title}: {each.message}"[:2_000] for each in group.exceptions]
    return []
