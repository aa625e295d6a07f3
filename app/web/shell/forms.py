"""What a form sends, read through a schema of the API: a page refuses what the API refuses, in the same words."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.kit.errors import InvalidInputError
from app.kit.validation import input_errors

Model = TypeVar("Model", bound=BaseModel)
Errors = dict[str, str]
"""What is wrong in Dutch, by the JSON pointer of its field, such as `/child/birthMonth`."""


def read_form(model: type[Model], values: Mapping[str, Any]) -> tuple[Model | None, Errors]:
    """The schema of these values, by their names in the API; None with all that is wrong."""
    try:
        return model.model_validate(values), {}
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        return None, errors_of(InvalidInputError(*input_errors(found)))


def errors_of(error: InvalidInputError) -> Errors:
    """What a service found wrong, by field."""
    return {each.pointer.removeprefix("#").removeprefix("/query"): each.detail.nl for each in error.errors}
