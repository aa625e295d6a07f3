"""What the forms of a decision on a transfer say."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from app.dossiers.transfers.schemas import TransferOut
from app.web.shell.forms import Errors, Fields, text_of

REFERENCE: Final = "kenmerk-"
"""A field of this name and the id of a request has the receiver's own reference of the child."""


def decision_of(fields: Fields, transfer: TransferOut) -> dict[str, Any]:
    """What was decided, by the names of the API."""
    why = {"why": text_of(fields, "waarom") or None}
    if text_of(fields, "besluit") != "accept":
        return {"decision": text_of(fields, "besluit"), **why}
    own = text_of(fields, f"{REFERENCE}{transfer.request_id}")
    given = [(each, text_of(fields, f"{REFERENCE}{each}")) for each in transfer.with_]
    siblings = [{"requestId": str(each), "childReference": reference} for each, reference in given if reference]
    return {"decision": "accept", **why, **({"childReference": own} if own else {}), "siblings": siblings}


def at_fields(errors: Errors, fields: Fields, transfer: TransferOut) -> Errors:
    """Errors by the fields of the form, of errors by their place in what the API takes."""
    named = [each for each in transfer.with_ if text_of(fields, f"{REFERENCE}{each}")]
    return {_field_of(pointer, transfer.request_id, named): detail for pointer, detail in errors.items()}


def _field_of(pointer: str, request_id: UUID, named: Sequence[UUID]) -> str:
    if pointer == "/why":
        return "waarom"
    if pointer == "/childReference":
        return f"{REFERENCE}{request_id}"
    steps = pointer.split("/")
    if steps[:2] == ["", "siblings"] and len(steps) > 2 and steps[2].isdecimal():
        return f"{REFERENCE}{named[int(steps[2])]}"
    return pointer
