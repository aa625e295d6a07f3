"""What a provider answers to a call, as its forms send it."""

from typing import Any, Final

from app.dossiers.calls.schemas import AnswerIn
from app.kit.files.cells import CellError, number
from app.web.received.declining import read_decline, told
from app.web.shell.forms import Errors, Fields, read_form, text_of

_TEXTS: Final = ("startOn", "offerId", "heldUntil", "conditions", "note")
_NUMBERS: Final = ("places", "hoursPerWeek")


def read_answer(fields: Fields) -> tuple[AnswerIn | None, Errors]:
    """The answer; None with all that is wrong, by field. What is left empty is not said."""
    values, errors = dict[str, Any](answer=text_of(fields, "answer")), Errors()
    values |= {name: text for name in _TEXTS if (text := text_of(fields, name))}
    for name in _NUMBERS:
        try:
            values |= {name: number(text)} if (text := text_of(fields, name)) else {}
        except CellError as error:
            errors[f"/{name}"] = error.text.nl
    if values["answer"] == "decline":
        values |= read_decline(fields)
    body, wrong = read_form(AnswerIn, values)
    return (None, told(wrong | errors)) if errors else (body, told(wrong))
