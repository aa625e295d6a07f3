"""What can go wrong with referrals."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.domain.language import Text, date_in_words, listed, same
from app.dossiers.referrals.obstacle_codes import LABELS, Obstacle
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


_DECISIONS: Final[dict[DecisionCode, Text]] = {
    "see": Text(nl="het inzien", en="the seeing"),
    "accept": Text(nl="het aannemen", en="the acceptance"),
    "waitlist": Text(nl="de plaats op de wachtlijst", en="the place on the waiting list"),
    "decline": Text(nl="de afwijzing", en="the decline"),
    "delay": Text(nl="het uitstel", en="the delay"),
    "left": Text(nl="het vertrek", en="the leaving"),
    "withdraw": Text(nl="de intrekking", en="the withdrawal"),
    "start": Text(nl="de start", en="the start"),
    "end": Text(nl="het einde", en="the end"),
}


class NotLastDecisionError(ConflictError):
    """A decision that does not stand, or on which another one rests: the last one is corrected first."""

    slug = "not-last-decision"
    title = Text(nl="Niet het laatste besluit", en="Not the last decision")

    def __init__(self, status: Status, what: DecisionCode, withdrawn_because: str | None) -> None:
        if status == "withdrawn" and withdrawn_because == "other-referral-started":
            text = Text(
                nl="Deze aanmelding is ingetrokken omdat andere hulp startte; neem díe start terug, dan komt zij mee.",
                en="This referral was withdrawn because other help started; take that start back, and it comes along.",
            )
        elif status == "withdrawn" and withdrawn_because == "request-closed":
            text = Text(
                nl="Deze aanmelding is ingetrokken omdat de hulpvraag werd gesloten; heropen die en meld opnieuw aan.",
                en="This referral was withdrawn because the request was closed; reopen that and refer again.",
            )
        else:
            text = Text(
                nl="Deze aanmelding is {status}, dus {what} is nu niet te corrigeren; corrigeer eerst het laatste "
                "besluit.",
                en="This referral has been {status}, so {what} cannot be corrected now; correct the last decision "
                "first.",
            )
        super().__init__(text.format(status=_STATUSES[status], what=_DECISIONS[what]), referralStatus=status)


class CorrectionTooLateError(ConflictError):
    """A decision that its own side can no longer correct."""

    slug = "correction-too-late"
    title = Text(nl="Te laat om zelf te corrigeren", en="Too late to correct it yourself")

    def __init__(self, days: int) -> None:
        text = Text(
            nl="Dit besluit is langer dan {days} dagen geleden vastgelegd; vraag het expertteam van de regio om de "
            "correctie.",
            en="This decision was recorded more than {days} days ago; ask the expert team of the region to correct it.",
        )
        super().__init__(text.format(days=days))


class HelpedElsewhereError(ConflictError):
    """A referral that would be open again for a child whose help has started from another."""

    slug = "helped-elsewhere"
    title = Text(nl="De hulp is elders gestart", en="Help has started elsewhere")

    def __init__(self, referral_id: UUID) -> None:
        text = Text(
            nl="Voor dit kind is intussen hulp gestart bij een andere aanmelding; dit besluit blijft staan.",
            en="Help has started for this child from another referral meanwhile; this decision stays.",
        )
        super().__init__(text, referralId=str(referral_id))


class DecidedError(ConflictError):
    """A referral that has been decided on does not change; it is withdrawn and sent anew."""

    slug = "referral-decided"
    title = Text(nl="Over deze aanmelding is al besloten", en="This referral has been decided on")

    def __init__(self, status: Status) -> None:
        text = Text(
            nl="Deze aanmelding is {status}; alleen wat nog niet is besloten, is te wijzigen.",
            en="This referral has been {status}; only what is not decided on can be changed.",
        )
        super().__init__(text.format(status=_STATUSES[status]), referralStatus=status)


class OfferExcludedError(ConflictError):
    """The match would leave the offer out now, for `reasons` of which `despite` does not say why it is done all the
    same; `children` says for which request which of them count, to the institution alone.
    """

    slug = "offer-excluded"
    title = Text(nl="Het aanbod valt nu af", en="The offer is excluded now")

    def __init__(self, reasons: Sequence[Obstacle], children: Mapping[UUID, Sequence[Obstacle]] | None) -> None:
        text = Text(
            nl="De match laat dit aanbod nu weg: {reasons}. Kan het toch, noem dan elke reden in despite, met waarom.",
            en="The match leaves this offer out now: {reasons}. If it is right all the same, name each reason in "
            "despite, with why.",
        )
        words = listed([_lower(LABELS[each]) for each in reasons])
        members: dict[str, Any] = {"reasons": list(reasons)}
        if children is not None:
            members["children"] = [
                {"requestId": str(request_id), "reasons": list(theirs)}
                for request_id, theirs in children.items()
                if theirs
            ]
        super().__init__(text.format(reasons=words), **members)


def _lower(label: Text) -> Text:
    """A label within a sentence."""
    return Text(nl=label.nl[:1].lower() + label.nl[1:], en=label.en[:1].lower() + label.en[1:])
