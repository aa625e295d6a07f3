"""What each kind of event says, for the OpenAPI document (its `webhooks`): nothing here is called.

The messages are made elsewhere: of capacities by a trigger, of all else in the `events` of its feature; tests hold them
against these schemas.
"""

from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import Field

from app.dossiers.agreements.steps import Step
from app.dossiers.arrangements.states import EventCode as ArrangementEvent
from app.dossiers.arrangements.states import Kind
from app.dossiers.arrangements.states import Status as ArrangementStatus
from app.dossiers.calls.states import AnswerCode
from app.dossiers.escalations.states import OutcomeKind
from app.dossiers.referrals.states import EventCode, Status
from app.dossiers.transfers.states import TransferStatus
from app.finding.matching.schemas import Month
from app.kit.http.late_routes import LateRoute
from app.kit.schemas import (
    Answer,
    Day,
    Moment,
    described,
)

_OFFER = "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"
_PROVIDER = "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"
_OTHER = "3f0f2a52-0e0c-5a5e-9a0a-0f0a6b7c8d90"

Data = TypeVar("Data")


class AboutOffer(Answer):
    """Which offer an event is about."""

    offer_id: UUID = described("The offer.", _OFFER)
    provider_id: UUID = described("Its provider.", _PROVIDER)
    care_type: str = described("Its care type.", "gezinshuis")


class CapacityChanged(AboutOffer):
    """The figures of an offer as they are now; null where the provider does not say."""

    regions: list[str] | None = described("Jeugdregio's where the help is given; null: everywhere.", ["JZ03"])
    places_total: float | None = described("All places.", 8)
    places_occupied: float | None = described("Places taken.", 6)
    places_reserved: float | None = described("Places promised.", 1)
    places_free: float = described("Empty places, neither occupied nor reserved; who waits comes first.", 1)
    waiting_count: int | None = described("Children who wait.", 0)
    next_free_on: Day | None = described("When a place comes free.", "2027-01-11")
    wait_days_intake: int | None = described("Days from referral to intake.", 7)
    wait_days_treatment: int | None = described("Days from intake to the first real help.", 14)
    accepts_referrals: bool = described("Whether the provider takes referrals.", True)
    observed_at: Moment = described("When the provider saw them so.", "2026-11-22T10:00:00Z")
    counted: bool = described("Whether they were counted from a decision on a referral.", False)


class ReferralChanged(Answer):
    """What happened to a referral; what it says is to be had with GET /referrals/{referralId}."""

    referral_id: UUID = described("The referral.", _OTHER)
    offer_id: UUID | None = described("The offer; null: care outside the contracts.", _OFFER)
    provider_id: UUID | None = described("Its provider.", _PROVIDER)
    care_type: str | None = described("Its care type.", "gezinshuis")
    decision: EventCode = described("What was decided; send: it was sent.", "accept")
    status: Status = described("The status after it.", "accepted")
    request_id: UUID | None = Field(
        default=None, description="The request; only to the institution.", examples=[_OTHER]
    )


class ArrangementChanged(AboutOffer):
    """What happened to an arrangement; what it says is to be had with GET /arrangements/{arrangementId}."""

    arrangement_id: UUID = described("The arrangement.", _OTHER)
    kind: Kind = described("What is asked for.", "ceiling-exception")
    decision: ArrangementEvent = described("What was decided; ask: it was asked.", "grant")
    status: ArrangementStatus = described("The status after it.", "granted")
    due_on: Day = described("The last day on which an answer is in time.", "2026-12-01")
    request_id: UUID | None = Field(
        default=None, description="The request; only to the institution.", examples=[_OTHER]
    )


class TransferChanged(Answer):
    """What became of a transfer; what it says is to be had with GET /transfers/{transferId}."""

    transfer_id: UUID = described("The transfer.", _OTHER)
    request_id: UUID = described("The request that it is of.", _OTHER)
    status: TransferStatus = described("open: it was proposed; else what was decided.", "open")


class EscalationChanged(Answer):
    """A step of the ladder asks, or has an outcome; the rest is to be had with GET /escalated-requests/{requestId}."""

    escalation_id: UUID = described("The escalation.", _OTHER)
    step: Step = described("The step.", "national")
    status: Literal["open", "answered"] = described(
        "open: it asks, or asks again; answered: it has an outcome.", "open"
    )
    outcome_kind: OutcomeKind | None = described("What kind of outcome, where that was said.", None)
    request_id: UUID | None = Field(
        default=None, description="The request; not to a region, whose expert team lists them.", examples=[_OTHER]
    )


class CallPublished(Answer):
    """A call that was put to a provider; what it asks is to be had with GET /calls/{callId}."""

    call_id: UUID = described("The call.", _OTHER)
    provider_id: UUID = described("The provider that it was put to.", _PROVIDER)
    respond_by: Day = described("The last day on which an answer is taken.", "2026-12-04")


class CallAnswered(Answer):
    """What a provider answered to a call; the rest is to be had with GET /calls/{callId}/answers."""

    call_id: UUID = described("The call.", _OTHER)
    request_id: UUID = described("The request that it is of.", _OTHER)
    provider_id: UUID = described("The provider that answered.", _PROVIDER)
    offer_id: UUID | None = described("The offer that it would be, where the answer names one.", _OFFER)
    answer: AnswerCode = described("can, or decline.", "can")


class ReminderDue(AboutOffer):
    """What a provider has to do, with ids that lead to it."""

    reason: str = described("The code of what is due.", "capacity-stale")
    due_on: Day = described("By when.", "2026-12-01")


class DeliveryDue(Answer):
    """That an institution has yet to deliver, or confirm, its waiting children; see GET /deliveries."""

    month: Month = described("For which month.", "2026-11")


class WatchMatched(AboutOffer):
    """What was found, with ids that lead to it; what was asked is not said."""

    watch_id: UUID = described("The watch.", _OTHER)
    match_id: int = described("The place, among the watch's matches.", 8121)
    status: str = described("The status of its availability.", "free")
    expected_start: date = described("When help could start.", "2026-11-22")


class WebhookTested(Answer):
    """A test."""

    webhook_id: UUID = described("The webhook that asked for it.", _OTHER)


class Event(Answer, Generic[Data]):
    """An event (CloudEvents 1.0, NL GOV profile)."""

    specversion: Literal["1.0"] = described("The version of CloudEvents.", "1.0")
    id: UUID = described("The event's own, the same in every attempt; random.", _OTHER)
    source: str = described("Who tells it (EVENT_SOURCE).", "urn:nld:beschikbaarheidswijzer")
    type: str = described("What happened.", "nl.beschikbaarheidswijzer.capacity.changed")
    subject: str = described("What it happened to, mostly an offer's id; of one subject events come in order.", _OFFER)
    time: Moment = described("When the event was written.", "2026-11-22T10:00:00Z")
    datacontenttype: Literal["application/json"] = described("What `data` is.", "application/json")
    sequence: str = described("Grows with the events of a subject.", "0000000000000001042")
    data: Data = Field(description="What is said of it.")


_Id = Annotated[str, Header(alias="webhook-id", description="The event's id.", examples=[_OTHER])]
_Time = Annotated[
    str, Header(alias="webhook-timestamp", description="When it was sent, in Unix seconds.", examples=["1795341600"])
]
_Signature = Annotated[
    str,
    Header(
        alias="webhook-signature",
        description="HMAC-SHA256 signatures of id.timestamp.body, separated by spaces; one of them fits.",
        examples=["v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="],
    ),
]

MESSAGES: dict[str, tuple[type[Any], str]] = {
    "capacity.changed": (CapacityChanged, "The figures of an offer are others than before."),
    "referral.sent": (ReferralChanged, "An institution sent a referral to an offer of the provider's."),
    "referral.decided": (ReferralChanged, "The other side, or the service, took a decision on a referral."),
    "arrangement.asked": (ArrangementChanged, "An institution asks what an alternative needs."),
    "arrangement.decided": (ArrangementChanged, "The other side, or the service, decided on what was asked."),
    "transfer.changed": (TransferChanged, "A dossier is proposed to the institution, or its own proposal was decided."),
    "escalation.changed": (EscalationChanged, "A step of the ladder asks, or has an outcome."),
    "call.published": (CallPublished, "A call was put to the provider."),
    "call.answered": (CallAnswered, "A provider answered a call of the organisation's, or changed its answer."),
    "reminder.due": (ReminderDue, "A provider has something to do."),
    "delivery.due": (DeliveryDue, "The institution has not delivered its waiting children of last month."),
    "watch.matched": (WatchMatched, "A stored question of the organisation found something."),
    "webhook.test": (WebhookTested, "The webhook's owner asked for a test."),
}
"""Of each type: what its data says, and when it is told."""

router = APIRouter(route_class=LateRoute, tags=["Webhook messages"])


def _document(kind: str, data: type[Any], text: str) -> None:
    async def message(body: Any, id_: _Id, at: _Time, signature: _Signature) -> Response:
        raise NotImplementedError

    message.__doc__ = text
    message.__annotations__["body"] = Event[data]  # type: ignore[valid-type]  # made for each type
    router.add_api_route(kind, message, methods=["POST"], name=kind)


for _kind, (_data, _text) in MESSAGES.items():
    _document(_kind, _data, _text)
