"""What can go wrong with arrangements."""

from datetime import date
from typing import Final
from uuid import UUID

from app.domain.language import Text
from app.dossiers.arrangements.states import Status
from app.kit.errors import ConflictError, InputError

_STATUSES: Final[dict[Status, Text]] = {
    "asked": Text(nl="gevraagd", en="asked"),
    "granted": Text(nl="toegestaan", en="granted"),
    "refused": Text(nl="geweigerd", en="refused"),
    "withdrawn": Text(nl="ingetrokken", en="withdrawn"),
    "ended": Text(nl="vervallen", en="ended"),
}


class ArrangementDecidedError(ConflictError):
    """An arrangement that has been decided on, or that nobody waits for any more, is not decided on again."""

    slug = "arrangement-decided"
    title = Text(nl="Over deze regeling is al besloten", en="This arrangement has been decided on")

    def __init__(self, status: Status) -> None:
        text = Text(
            nl="Deze regeling is {status}; vraag haar opnieuw aan als zij nog nodig is.",
            en="This arrangement has been {status}; ask anew where it is still needed.",
        )
        super().__init__(text.format(status=_STATUSES[status]), arrangementStatus=status)


class ArrangementOpenError(ConflictError):
    """The same has been asked for this request and offer, and is not answered yet."""

    slug = "arrangement-open"
    title = Text(nl="Regeling al gevraagd", en="Arrangement asked already")

    def __init__(self, arrangement_id: UUID, due_on: date) -> None:
        text = Text(
            nl="Dit is al gevraagd; het antwoord komt uiterlijk op {day}. Trek die vraag eerst in, of wacht.",
            en="This has been asked already; the answer is due on {day}. Withdraw that first, or wait.",
        )
        super().__init__(text.format(day=due_on.isoformat()), arrangementId=str(arrangement_id))


class GroundMovedError(ConflictError):
    """What was asked cannot be granted any more as it was asked: the child has moved, or the offer has ended."""

    slug = "ground-moved"
    title = Text(nl="De grond is weg", en="The ground has moved")


def moved() -> GroundMovedError:
    """The error for a child of another municipality than the one for which it was asked."""
    return GroundMovedError(
        Text(
            nl="De jeugdige is nu van een andere gemeente; de instelling vraagt het daar opnieuw.",
            en="The child is of another municipality now; the institution asks there anew.",
        )
    )


def offer_ended() -> GroundMovedError:
    """The error for an offer that is given no more."""
    return GroundMovedError(Text(nl="Dit aanbod is beëindigd.", en="This offer has ended."))


def in_past(pointer: str) -> InputError:
    """The error for a last day that has passed."""
    return InputError(pointer, "in-past", Text(nl="Deze dag is al voorbij.", en="This day has passed."))
