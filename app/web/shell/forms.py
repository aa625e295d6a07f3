"""What a form sends, read through a schema of the API: a page refuses what the API refuses, in the same words."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from app.kit.errors import InvalidInputError
from app.kit.validation import input_errors
from app.web.shell.problems import in_words

Model = TypeVar("Model", bound=BaseModel)
Errors = dict[str, str]
"""What is wrong in Dutch, by the JSON pointer of its field, such as `/child/birthMonth`."""
_OF_FIELD: Final = re.compile(r"^#(?:/query|/path)?|/\d+$")
Fields = Mapping[str, Sequence[str]]
"""What a form sent: the texts of each of its fields, in their order."""


async def sent_fields(request: Request) -> Fields:
    """The fields that were sent, files aside."""
    async with request.form() as form:
        return {name: [each for each in form.getlist(name) if isinstance(each, str)] for name in form}


def text_of(fields: Fields, name: str) -> str:
    """What was filled in, without spaces around it; of several the last, and nothing where there is no such field."""
    return fields[name][-1].strip() if fields.get(name) else ""


def check_form(model: type[Model], values: Mapping[str, Any]) -> Model:
    """The schema of these values, by their names in the API; `InvalidInputError` with all that is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise InvalidInputError(*input_errors(found)) from error


def read_form(model: type[Model], values: Mapping[str, Any]) -> tuple[Model | None, Errors]:
    """As `check_form`; None, with all that is wrong, instead of the error."""
    try:
        return check_form(model, values), {}
    except InvalidInputError as error:
        return None, errors_of(error)


def errors_of(error: InvalidInputError) -> Errors:
    """What a service found wrong, by field: `/productCodes` for the third of its codes, `#/productCodes/2`."""
    return {_OF_FIELD.sub("", each.pointer): in_words(each.code, each.detail.nl) for each in error.errors}


def whole(text: str) -> int | str | None:
    """The whole number that is typed; the text where it is none, so that the API says what is wrong; None where
    nothing is."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() else text or None


def decimal(text: str) -> float | str | None:
    """The number that is typed, with a decimal comma where it has one; else as `whole`."""
    number = text.strip().replace(",", ".", 1)
    is_number = number.isascii() and number.replace(".", "", 1).isdecimal()
    return float(number) if is_number else text.strip() or None
