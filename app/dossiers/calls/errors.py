"""What can go wrong with calls."""

from datetime import date
from typing import Final
from uuid import UUID

from app.domain.language import Text, date_in_words
from app.dossiers.calls.states import Status
from app.kit.errors import ConflictError, InputError

_IN_PAST = Text(nl="Deze dag is al voorbij.", en="This day has passed.")
_STATUSES: Final[dict[Status, Text]] = {
    "open": Text(nl="open", en="open"),
    "expired": Text(nl="verlopen", en="expired"),
    "closed": Text(nl="gesloten", en="closed"),
}


class CallNotOpenError(ConflictError):
    """A call that is closed or has expired takes no answers and cannot be closed."""

    slug = "call-not-open"
    title = Text(nl="Oproep niet meer open", en="Call no longer open")

    def __init__(self, status: Status) -> None:
        text = Text(
            nl="Deze oproep is {status}; er verandert niets meer aan.",
            en="This call is {status}; nothing about it changes any more.",
        )
        super().__init__(text.format(status=_STATUSES[status]), callStatus=status)


class NobodyToCallError(ConflictError):
    """No provider is contracted for the child and could answer."""

    slug = "nobody-to-call"
    title = Text(nl="Niemand om op te roepen", en="Nobody to call")

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Geen aanbieder met aanbod van deze hulpvorm heeft dan een contract voor de gemeente of regio van "
                "het kind en geen plaatsingsstop; de matches tonen wat er te regelen valt (alternatives).",
                en="No provider with an offer of this care type then has a contract for the child's municipality or "
                "region, and no placement stop; the matches show what could be arranged (alternatives).",
            )
        )


class CallOpenError(ConflictError):
    """The request has an open call for this help; `call_id` is that one."""

    def __init__(self, call_id: UUID) -> None:
        super().__init__(
            Text(
                nl="Er loopt al een oproep van deze hulpvraag voor een van deze hulpvormen; sluit die eerst.",
                en="A call of this request for one of these care types is open already; close that first.",
            ),
            callId=str(call_id),
        )


OTHER_CALL_OPEN: Final = Text(
    nl="Er loopt intussen een andere oproep voor deze hulpvorm.",
    en="Another call for this care type is open meanwhile.",
)
HELPED: Final = Text(
    nl="Voor dit kind is intussen andere hulp gestart.", en="Other help has started for this child meanwhile."
)
REQUEST_CLOSED: Final = Text(nl="De hulpvraag is gesloten.", en="The request is closed.")


def call_expired(respond_by: date) -> Text:
    """Why a call is not opened again after its last day."""
    text = Text(
        nl="De oproep liep tot en met {day}; publiceer een nieuwe.",
        en="The call was open until {day}; publish another.",
    )
    return text.format(day=date_in_words(respond_by))


def in_past(pointer: str) -> InputError:
    """The error for a day that has passed."""
    return InputError(pointer, "in-past", _IN_PAST)


def too_late(pointer: str, last: date) -> InputError:
    """The error for a last day on which a call would be about a child that has changed since."""
    text = Text(
        nl=f"Een oproep loopt hoogstens drie maanden, tot en met {last}.",
        en=f"A call is open for three months at most, to {last}.",
    )
    return InputError(pointer, "out-of-range", text)


def unknown_offer(pointer: str) -> InputError:
    """The error for an offer that the provider does not give."""
    text = Text(nl="Dit is geen aanbod van u (meer).", en="This is no offer of yours (any more).")
    return InputError(pointer, "unknown-offer", text)


def other_care_type(pointer: str) -> InputError:
    """The error for an offer of another kind of help than the call asks for."""
    text = Text(
        nl="Dit aanbod is van een andere hulpvorm dan de oproep vraagt.",
        en="This offer is of another care type than the call asks for.",
    )
    return InputError(pointer, "other-care-type", text)


def too_many_places(pointer: str, asked: int) -> InputError:
    """The error for more places than were asked for."""
    text = Text(nl=f"De oproep vraagt {asked} plek(ken).", en=f"The call asks for {asked} place(s).")
    return InputError(pointer, "out-of-range", text)
