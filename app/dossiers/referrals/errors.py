"""What can go wrong with referrals."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.language import Text, date_in_words, listed, same
from app.dossiers.referrals.states import DecisionCode, Status
from app.kit.errors import ConflictError

_STATUSES: Final[dict[Status, Text]] = {
    "sent": Text(nl="verstuurd", en="sent"),
    "seen": Text(nl="ingezien", en="seen"),
    "accepted": Text(nl="aangenomen", en="accepted"),
    "waitlisted": Text(nl="op de wachtlijst gezet", en="put on the waiting list"),
    "declined": Text(nl="afgewezen", en="declined"),
    "withdrawn": Text(nl="ingetrokken", en="withdrawn"),
    "started": Text(nl="gestart", en="started"),
    "ended": Text(nl="beëindigd", en="ended"),
}


class DecisionNotPossibleError(ConflictError):
    """A decision that cannot be taken on the referral as it stands; `possible` is what can, by this caller."""

    slug = "decision-not-possible"
    title = Text(nl="Besluit nu niet mogelijk", en="Decision not possible now")

    def __init__(self, status: Status, possible: Sequence[DecisionCode]) -> None:
        if possible:
            text = Text(
                nl="Deze aanmelding is {status}; u kunt nu alleen: {possible}.",
                en="This referral has been {status}; all that you can decide now is: {possible}.",
            )
            detail = text.format(status=_STATUSES[status], possible=listed([same(code) for code in possible]))
        else:
            text = Text(
                nl="Deze aanmelding is {status}; u kunt er nu niets op besluiten.",
                en="This referral has been {status}; there is nothing for you to decide on it now.",
            )
            detail = text.format(status=_STATUSES[status])
        super().__init__(detail, referralStatus=status, possible=list(possible))


class OverlappingStayError(ConflictError):
    """Help of the same kind already runs for the child on the day on which this is to start."""

    slug = "overlapping-stay"
    title = Text(nl="Het kind heeft deze hulp al", en="The child has this help already")

    def __init__(self, referral_id: UUID, started_on: date | None, ended_on: date | None) -> None:
        until = Text(nl="nu", en="now") if ended_on is None else date_in_words(ended_on)
        detail = Text(
            nl="Hulp van dezelfde soort loopt al van {start} tot {end}. Beëindig die eerst, of corrigeer haar datum.",
            en="Help of the same kind runs from {start} until {end} already. End that first, or correct its date.",
        ).format(start=date_in_words(started_on or date.min), end=until)
        super().__init__(detail, referralId=str(referral_id))
