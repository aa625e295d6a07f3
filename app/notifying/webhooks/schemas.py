"""Webhooks as they go over the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from app.domain.language import Text
from app.kit.pages import PageQuery
from app.kit.schemas import (
    STORABLE,
    Answer,
    FreeText,
    Moment,
    NoBsn,
    NotNull,
    Schema,
    Unique,
    Whole,
    YesNo,
    described,
    invalid,
)
from app.notifying.outbox.tables import EventType
from app.notifying.webhooks.tables import DeliveryError, DeliveryState
from app.notifying.webhooks.targets import is_whole
from app.reference.schemas import CareTypeCode, RegionField

AskedType = Literal[
    "capacity.changed",
    "referral.sent",
    "referral.decided",
    "arrangement.asked",
    "arrangement.decided",
    "transfer.changed",
    "escalation.changed",
    "call.published",
    "call.answered",
    "reminder.due",
    "delivery.due",
    "watch.matched",
]

_EXAMPLE = "https://ontvanger.example.nl/wijzer"
_TYPES = "The kinds of events that are told."
_CARE_TYPES = "Only what concerns one of these care types; null: any."
_REGIONS = "Only what concerns help that is given in one of these jeugdregio's; null: any."
_PROVIDERS = "Only what concerns one of these providers; null: any."
_PROVIDER = "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"


def _url(text: str) -> str:
    """A URL that can be sent to: with a host, and without a name, a password or a fragment."""
    if not is_whole(text):
        detail = Text(
            nl="Geef een hele URL, zonder gebruikersnaam, wachtwoord of #.",
            en="Give a whole URL, without a user name, a password or a #.",
        )
        raise invalid("url", detail)
    return text


Url = Annotated[
    str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[\x21-\x7e]+$"), AfterValidator(_url), NoBsn
]
Types = Annotated[list[AskedType], Unique, Field(min_length=1)]
CareTypes = Annotated[list[CareTypeCode], Unique, Field(min_length=1)]
Regions = Annotated[list[RegionField], Unique, Field(min_length=1)]
Providers = Annotated[list[UUID], Unique, Field(min_length=1, max_length=1000)]
Description = Annotated[FreeText, StringConstraints(max_length=200), STORABLE]


class WebhookIn(Schema):
    """A webhook to make."""

    url: Url = described("Where to send to, over https; the host must have a public address.", _EXAMPLE)
    description: Description | None = Field(
        default=None, description="What it is for, in the owner's own words.", examples=["Rooster van De Vuurtoren"]
    )
    types: Types = described(_TYPES, ["referral.sent", "capacity.changed"])
    care_types: CareTypes | None = Field(default=None, description=_CARE_TYPES, examples=[["gezinshuis"]])
    regions: Regions | None = Field(default=None, description=_REGIONS, examples=[["JZ03"]])
    providers: Providers | None = Field(default=None, description=_PROVIDERS, examples=[[_PROVIDER]])


class WebhookPatch(Schema):
    """What changes of a webhook; what is left out stays."""

    url: Annotated[Url | None, NotNull] = Field(default=None, description="Where to send to.", examples=[_EXAMPLE])
    description: Description | None = Field(
        default=None, description="What it is for, in the owner's own words.", examples=["Rooster"]
    )
    types: Annotated[Types | None, NotNull] = Field(default=None, description=_TYPES, examples=[["referral.sent"]])
    care_types: CareTypes | None = Field(default=None, description=_CARE_TYPES, examples=[["gezinshuis"]])
    regions: Regions | None = Field(default=None, description=_REGIONS, examples=[["JZ03"]])
    providers: Providers | None = Field(default=None, description=_PROVIDERS, examples=[[_PROVIDER]])
    active: Annotated[YesNo | None, NotNull] = Field(
        default=None,
        description="Whether anything is sent. What happens while it is not is not told afterwards; what was still to "
        "be delivered waits.",
        examples=[True],
    )


class WebhookOut(Answer):
    """A webhook."""

    id: UUID = described("Our id.", "5b0c1c9e-6a53-4b0f-9d62-1d7f6f0e3c11")
    url: str = described("Where is sent to.", _EXAMPLE)
    description: str | None = described("What it is for.", "Rooster van De Vuurtoren")
    types: list[AskedType] = described(_TYPES, ["referral.sent", "capacity.changed"])
    care_types: list[CareTypeCode] | None = described(_CARE_TYPES, ["gezinshuis"])
    regions: list[RegionField] | None = described(_REGIONS, ["JZ03"])
    providers: list[UUID] | None = described(_PROVIDERS, [_PROVIDER])
    active: bool = described("Whether anything is sent.", True)
    disabled_because: Literal["owner", "gone"] | None = described(
        "Why nothing is sent: its owner said so, or the target answered that it is gone (410).", None
    )
    previous_secret_until: Moment | None = described(
        "Until when messages are signed with the previous secret as well.", "2026-11-23T10:00:00Z"
    )
    created_at: Moment = described("When it was made.", "2026-11-22T10:00:00Z")


_SECRET = "The secret that messages are signed with; it is shown here and never again."
_EXAMPLE_SECRET = "whsec_" + "A" * 43 + "="


class WebhookMade(WebhookOut):
    """A webhook that was just made, with its secret."""

    secret: str = described(_SECRET, _EXAMPLE_SECRET)


class RotationIn(Schema):
    """A new secret in the place of the one that stands."""

    overlap_hours: Annotated[Whole, Field(ge=0, le=168)] = Field(
        default=24,
        description="Hours for which messages are signed with both; 0 where the old one has leaked.",
        examples=[24],
    )


class RotationOut(Answer):
    """The new secret."""

    secret: str = described(_SECRET, _EXAMPLE_SECRET)
    previous_secret_until: Moment | None = described(
        "Until when messages are signed with the previous secret as well; null: no more.", "2026-11-23T10:00:00Z"
    )


class NothingIn(Schema):
    """Nothing: what is asked is in the path."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class DeliveryOut(Answer):
    """An event that was, is or could not be delivered."""

    id: int = described("Our id.", 1042)
    event_id: UUID = described("The event's id: `webhook-id`, and `id` in the body.", _PROVIDER)
    type: EventType = described("What happened.", "capacity.changed")
    subject: str = described("What it happened to; of one subject events are told in order.", _PROVIDER)
    time: Moment = described("When the event was written.", "2026-11-22T10:00:00Z")
    state: DeliveryState = described("pending, delivered, or dead: given up after three days.", "pending")
    attempts: int = described("How often it was tried, a running attempt included.", 2)
    last_tried_at: Moment | None = described("When it was tried last.", "2026-11-22T10:00:10Z")
    last_status: int | None = described("The status that the target last answered with.", 503)
    last_error: DeliveryError | None = described("Why the last attempt failed.", "status")
    due_at: Moment | None = described(
        "Pending: when it is tried (again), at the earliest; an earlier one of its subject goes first.",
        "2026-11-22T10:00:21Z",
    )
    ended_at: Moment | None = described("When it was delivered or given up.", None)


class DeliveryQuery(PageQuery):
    """The query keys of deliveries."""

    state: DeliveryState | None = Field(default=None, description="Only those in this state.", examples=["dead"])
