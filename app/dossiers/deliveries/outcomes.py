"""What came of a file of waiting children: of each of its lines, and of what it did not have."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.domain.dates import YearMonth
from app.domain.language import Text
from app.dossiers.deliveries.lines import ChildLine
from app.dossiers.deliveries.schemas import STATUSES, HintCode, Status
from app.kit.errors import ApiError, InputError, InvalidInputError, NotAllAcceptedError, OthersRejectedError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a line."""

    line: int
    status: Status
    request_id: UUID | None = None
    created: bool = False
    hints: Sequence[tuple[HintCode, Text]] = ()
    error: ApiError | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of a request that the file did not have."""

    request_id: UUID
    child_reference: str
    error: ApiError | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of a file: of each of its lines in order, and of the requests that it did not have."""

    reference_day: date
    outcomes: Sequence[Outcome]
    closed: Sequence[Closed] = ()

    @property
    def month(self) -> str:
        """The month that it is for."""
        return str(YearMonth.of(self.reference_day))

    @property
    def has_errors(self) -> bool:
        """Whether a line was rejected, or something could not be closed."""
        return any(each.error for each in self.outcomes) or any(each.error for each in self.closed)

    def counts(self) -> dict[str, int]:
        """How many of each."""
        found = Counter(each.status for each in self.outcomes)
        closed = sum(each.error is None for each in self.closed)
        return {name: found[name] for name in STATUSES} | {"closed": closed}


def none_accepted(lines: Sequence[ChildLine], delivered: Delivered) -> NotAllAcceptedError:
    """All lines as rejected: those that are wrong for their own reason, the others because of those."""
    others = OthersRejectedError()
    errors = [
        error
        for line, each in zip(lines, delivered.outcomes, strict=True)
        if each.error is not None
        for error in _told(line.position.pointer(), each.error)
    ]
    errors += [error for each in delivered.closed if each.error is not None for error in _told("#", each.error)]
    outcomes = [Outcome(each.line, "rejected", error=each.error or others) for each in delivered.outcomes]
    closed = [each for each in delivered.closed if each.error is not None]
    return NotAllAcceptedError(errors, replace(delivered, outcomes=outcomes, closed=closed))


def _told(pointer: str, error: ApiError) -> Sequence[InputError]:
    if isinstance(error, InvalidInputError):
        return error.errors
    return [InputError(pointer, error.slug, error.detail)]
