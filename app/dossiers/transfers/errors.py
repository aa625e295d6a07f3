"""What can go wrong with transfers."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.domain.language import Text
from app.dossiers.transfers.states import TransferStatus
from app.kit.errors import ConflictError, InputError

_STATUSES: Final[dict[TransferStatus, Text]] = {
    "open": Text(nl="open", en="open"),
    "accepted": Text(nl="aangenomen", en="accepted"),
    "declined": Text(nl="geweigerd", en="declined"),
    "withdrawn": Text(nl="ingetrokken", en="withdrawn"),
}


class TransferOpenError(ConflictError):
    """A dossier is in one open transfer at a time; `transferId` is that one."""

    slug = "transfer-open"
    title = Text(nl="Er loopt al een overdracht", en="A transfer is open already")

    def __init__(self, transfer_id: UUID) -> None:
        text = Text(
            nl="Van dit dossier loopt al een overdracht; trek die eerst in, of wacht op het besluit.",
            en="A transfer of this dossier is open already; withdraw that first, or wait for the decision.",
        )
        super().__init__(text, transferId=str(transfer_id))


class SiblingsTogetherError(ConflictError):
    """Siblings who share an open referral or a stay are handed over together; `requestIds` are those left behind."""

    slug = "siblings-together"
    title = Text(nl="Broers en zussen gaan samen over", en="Siblings are handed over together")

    def __init__(self, request_ids: Sequence[UUID]) -> None:
        text = Text(
            nl="Deze hulpvragen delen een lopende aanmelding of een plek met een dossier dat overgaat; de instelling "
            "die overdraagt, laat ze meegaan (with), of haalt de jeugdige eerst uit die aanmelding (only).",
            en="These requests share an open referral or a place with a dossier that is handed over; the institution "
            "that hands over names them in with, or takes the child out of that referral first (only).",
        )
        super().__init__(text, requestIds=[str(each) for each in request_ids])


class TransferDecidedError(ConflictError):
    """A transfer is decided on once; `transferStatus` is what came of it."""

    slug = "transfer-decided"
    title = Text(nl="Over deze overdracht is al besloten", en="This transfer has been decided on")

    def __init__(self, status: TransferStatus) -> None:
        text = Text(nl="Deze overdracht is {status}.", en="This transfer has been {status}.")
        super().__init__(text.format(status=_STATUSES[status]), transferStatus=status)


class OwnReferenceNeededError(ConflictError):
    """The receiver has a request with the reference that the dossier would come with; `requestId` is the dossier."""

    slug = "reference-taken"
    title = Text(nl="Kenmerk al in gebruik", en="Reference taken")

    def __init__(self, request_id: UUID) -> None:
        text = Text(
            nl="U hebt al een hulpvraag met het kenmerk (childReference) van dit dossier; geef bij het aannemen een "
            "eigen kenmerk mee.",
            en="You have a request with this dossier's reference (childReference) already; give a reference of your "
            "own when you accept.",
        )
        super().__init__(text, requestId=str(request_id))


def not_an_institution() -> InputError:
    """The error for a receiver that keeps no dossiers here."""
    text = Text(
        nl="Dit is geen instelling of lokaal team dat hier staat ingeschreven.",
        en="This is no institution or local team that is registered here.",
    )
    return InputError("#/institution", "unknown-institution", text)


def own_institution() -> InputError:
    """The error for a transfer to the sender itself."""
    text = Text(nl="Dit bent u zelf.", en="This is yourself.")
    return InputError("#/institution", "own-institution", text)


def not_a_sibling(pointer: str) -> InputError:
    """The error for a request that does not go along: it is no sibling's, or not the caller's."""
    text = Text(
        nl="Dit is geen hulpvraag van u in de groep broers en zussen van dit dossier.",
        en="This is no request of yours in the sibling group of this dossier.",
    )
    return InputError(pointer, "unknown-request", text)


def not_handed_over(pointer: str) -> InputError:
    """The error for a reference of a request that does not go over with this transfer."""
    text = Text(nl="Deze hulpvraag gaat niet mee over.", en="This request is not handed over with it.")
    return InputError(pointer, "unknown-request", text)


def repeated_reference() -> InputError:
    """The error for one reference given to two children."""
    text = Text(nl="Elk kind heeft een eigen kenmerk.", en="Each child has a reference of its own.")
    return InputError("#/siblings", "repeated", text)
