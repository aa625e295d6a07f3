"""What can go wrong with many reports at once."""

from collections.abc import Sequence
from typing import Any

from app.kit.errors import InputError, InvalidInputError


class NotAllAcceptedError(InvalidInputError):
    """All or nothing was asked, and some lines are rejected; `outcomes` says what of each line, in order."""

    def __init__(self, errors: Sequence[InputError], outcomes: Sequence[Any]) -> None:
        super().__init__(*errors)
        self.outcomes = outcomes
