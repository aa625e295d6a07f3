"""Errors as FHIR tells them: an OperationOutcome (http://hl7.org/fhir/R4/operationoutcome.html)."""

from typing import Any, Final

from app.domain.language import Language
from app.standards.fhir.vocabulary import MEDIA_TYPE

_BY_STATUS: Final = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    413: "too-long",
    415: "not-supported",
    429: "throttled",
    503: "transient",
}
_BY_CODE: Final = {"missing": "required", "unknown-query-key": "not-supported", "unreadable": "structure"}
"""The codes of the value set issue-type."""


def outcome_of(problem: dict[str, Any], language: Language) -> tuple[dict[str, Any], str]:
    """The OperationOutcome of a problem, and its media type: an issue for each error of the input."""
    errors = problem.get("errors")
    if errors is None:
        fatal = problem["status"] == 500
        issues = [_issue("exception" if fatal else _BY_STATUS.get(problem["status"], "processing"), problem["detail"])]
        if fatal:
            issues[0]["severity"] = "fatal"
    else:
        issues = [_issue(_BY_CODE.get(each["code"], "value"), each["detail"], each["pointer"]) for each in errors]
    return {"resourceType": "OperationOutcome", "language": language, "issue": issues}, MEDIA_TYPE


def _issue(code: str, text: str, pointer: str | None = None) -> dict[str, Any]:
    issue: dict[str, Any] = {"severity": "error", "code": code, "details": {"text": text}}
    if pointer is not None:
        issue["diagnostics"] = pointer
    return issue


def warning(code: str, text: str) -> dict[str, Any]:
    """An issue that leaves the rest be."""
    return _issue(code, text) | {"severity": "warning"}
