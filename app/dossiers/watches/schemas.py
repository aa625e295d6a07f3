"""Watches as they go over the wire."""

from datetime import date
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from app.domain.language import Language, Text
from app.dossiers.watches.tables import Channel, FittingStatus
from app.finding.search.schemas import AvailabilityFilter
from app.kit.schemas import (
    Answer,
    Day,
    FreeText,
    Moment,
    NotNull,
    Number,
    Schema,
    Unique,
    Whole,
    YesNo,
    described,
    invalid,
)
from app.notifying.mails.schemas import Email
from app.reference.schemas import CareTypeCode, MunicipalityField, RegionField

_ID: Final = "5b8f0c52-6c1e-4e5c-9b37-0a5d8f1c2e44"
_OFFER: Final = "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"
_REQUEST: Final = "c7a1e2b4-9d3f-4b6a-8e5c-1f2d3a4b5c6d"

Label = Annotated[FreeText, Field(min_length=1, max_length=200)]
Channels = Annotated[list[Channel], Field(min_length=1), Unique]


WatchStatus = Literal["active", "paused", "ended"]


def _several(value: object) -> object:
    """One of what may be several, as searches that are kept from before have it."""
    return [value] if isinstance(value, str) else value


class WatchSearch(AvailabilityFilter):
    """A question as `GET /availability` takes it, for places that are free or will be soon; with a care type."""

    care_type: Annotated[list[CareTypeCode], Field(min_length=1)] = Field(
        description="One of these care types.", examples=[["gezinshuis"]]
    )

    region: Annotated[list[RegionField], BeforeValidator(_several)] = Field(
        default=[], description="The jeugdregio where the help is given, or one of these.", examples=[["JZ03"]]
    )
    municipality: Annotated[list[MunicipalityField], BeforeValidator(_several)] = Field(
        default=[],
        description="The municipality where the help is given, or one of these. With `region`: both.",
        examples=[["GM0400"]],
    )
    places: Annotated[Whole, Field(ge=1, le=20)] = Field(
        default=1, description="So many places at once (siblings).", examples=[2]
    )
    crisis: YesNo | None = Field(
        default=None, description="true: only crisis help; false: all other help.", examples=[False]
    )
    radius_km: Annotated[Number, Field(gt=0, le=400)] | None = Field(
        default=None, description="At most this far from the postcode, in km.", examples=[25]
    )
    age: Annotated[Whole, Field(ge=0, le=99)] | None = Field(
        default=None, description="An age that it takes in, in whole years.", examples=[14]
    )
    status: Annotated[list[FittingStatus], Field(min_length=1)] = Field(  # type: ignore[assignment]  # narrower
        default=["free", "soon"], description="One of these statuses; both unless said.", examples=[["free"]]
    )


class WatchIn(Schema):
    """A watch to keep: of a search or of a request's match."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "label": "Gezinshuizen Kop",
                    "search": {"careType": ["gezinshuis"], "region": ["JZ03"]},
                    "channels": ["sse"],
                }
            ]
        }
    )

    label: Label | None = Field(
        default=None, description="What the organisation calls it; in no message.", examples=["Gezinshuizen Kop"]
    )
    search: WatchSearch | None = Field(
        default=None,
        description="What is searched for; this or `requestId`.",
        examples=[{"careType": ["gezinshuis"], "region": ["JZ03"]}],
    )
    request_id: UUID | None = Field(
        default=None, description="The own request whose match is watched; this or `search`.", examples=[_REQUEST]
    )
    channels: Channels = Field(
        description="How the organisation is told: its webhooks, a mail, GET /watches/events.", examples=[["sse"]]
    )
    email: Email | None = Field(
        default=None, description="Where the mail goes; with the channel email alone.", examples=["team@example.org"]
    )
    language: Language = Field(default="nl", description="The language of the mail.", examples=["nl"])
    expires_on: Day | None = Field(
        default=None,
        description="The last day that it watches; 90 days from now unless said, at most a year.",
        examples=["2027-02-20"],
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.search is None) == (self.request_id is None):
            text = Text(
                nl="Noem een zoekvraag (search) of een hulpvraag (requestId), een van beide.",
                en="Name search or requestId, one of the two.",
            )
            raise invalid("one-of", text)
        check_email(self.channels, self.email)
        return self


def check_email(channels: list[Channel], email: str | None) -> None:
    """An address goes with the channel, and the channel with an address."""
    if ("email" in channels) != (email is not None):
        text = Text(
            nl="Het kanaal email en het veld email gaan samen.", en="The channel email and the field email go together."
        )
        raise invalid("email-and-channel", text, field="email")


class WatchPatch(Schema):
    """What changes of a watch; what is left out stays. To search for something else, make another watch."""

    label: Label | None = Field(default=None, description="What the organisation calls it.", examples=["Kop"])
    channels: Annotated[Channels | None, NotNull] = Field(
        default=None, description="How the organisation is told.", examples=[["webhook", "sse"]]
    )
    email: Email | None = Field(default=None, description="Where the mail goes.", examples=["team@example.org"])
    language: Annotated[Language | None, NotNull] = Field(
        default=None, description="The language of the mail.", examples=["en"]
    )
    status: Annotated[Literal["active", "paused"] | None, NotNull] = Field(
        default=None, description="paused: nothing is looked for or told until it is active again.", examples=["paused"]
    )
    expires_on: Annotated[Day | None, NotNull] = Field(
        default=None, description="The last day that it watches.", examples=["2027-02-20"]
    )


class WatchOut(Answer):
    """A watch."""

    id: UUID = described("Our id.", _ID)
    label: str | None = described("What the organisation calls it.", "Gezinshuizen Kop")
    search: dict[str, Any] | None = described(
        "What is searched for; null where a request is watched.", {"careType": ["gezinshuis"]}
    )
    request_id: UUID | None = described("The request whose match is watched; null for a search.", _REQUEST)
    channels: list[Channel] = described("How the organisation is told.", ["sse"])
    email: str | None = described("Where the mail goes.", "team@example.org")
    language: Language = described("The language of the mail.", "nl")
    status: WatchStatus = described("ended: its last day is past, or its request was closed.", "active")
    expires_on: date = described("The last day that it watches.", "2027-02-20")
    created_at: Moment = Field(description="When it was made.", examples=["2026-11-22T09:00:00Z"])


class WatchMatchOut(Answer):
    """A place that a watch found: who has it, when, and where."""

    id: int = described("Our id; later ones are larger.", 8121)
    watch_id: UUID = described("The watch.", _ID)
    offer_id: UUID = described("The offer.", _OFFER)
    offer_name: str = described("What it is called.", "Gezinshuis De Duinen")
    care_type: CareTypeCode = Field(description="Its care type.", examples=["gezinshuis"])
    provider_id: UUID = described("Its provider.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    provider_name: str = described("What the provider is called.", "Demo Jeugdhulp De Vuurtoren")
    city: str | None = described("Town.", "Den Helder")
    municipality: MunicipalityField | None = Field(description="Municipality.", examples=["GM0400"])
    status: FittingStatus = described("How it stood when it was found: free today, or within 28 days.", "free")
    expected_start: date = described("When help could start, as was known then.", "2026-11-22")
    distance_km: float | None = described(
        "Distance to the postcode of the search; null without one, and for a request: it would tell where a child is.",
        12.4,
    )
    matched_at: Moment = Field(description="When it was found.", examples=["2026-11-22T09:00:00Z"])
    told: bool = described("Whether the organisation was told; not of what fitted when the watch was made.", True)
    gone_at: Moment | None = Field(
        description="When it was seen not to fit any more; if it fits again after that, it is another place.",
        examples=["2026-11-24T09:00:00Z"],
    )
