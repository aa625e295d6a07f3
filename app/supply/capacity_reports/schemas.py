"""Many capacity reports at once, as they go over the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, get_args
from uuid import UUID

from pydantic import Field, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator, field_validator

from app.domain.language import Text
from app.kit.files.schemas import PROBLEM_OF_LINE, FileHint
from app.kit.schemas import (
    Answer,
    Change,
    Key,
    Moment,
    Schema,
    described,
    invalid,
)
from app.supply.capacity.schemas import CapacityChange, Hint, ShownPlaces
from app.supply.offers.tables import Unit

Status = Literal["accepted", "unchanged", "rejected"]
STATUSES: tuple[Status, ...] = get_args(Status)


class Reported(NamedTuple):
    """What a line reports: of which offer, named in one way, when that was so, and the figures that it names.

    The figures go by their Python names; `observed_at` is a moment or a Dutch day, None where it is now.
    """

    offer_id: UUID | None
    provider_id: UUID | None
    offer_key: str | None
    observed_at: date | None
    named: Mapping[str, Any]


def _moment_or_day(value: object, moment: ValidatorFunctionWrapHandler) -> object:
    return value if type(value) is date else moment(value)


class CapacityReportIn(CapacityChange):
    """What changes of what a provider reports of one offer, which it names by our id, or by its own and its own key.

    What is left out stays as in the newest report that is not younger; null empties, save `placesFree` and
    `acceptsReferrals`. The first report of an offer needs `placesFree`.
    """

    observed_at: Annotated[Moment | None, WrapValidator(_moment_or_day)] = Field(
        default=None, description="When the figures were so; now unless said.", examples=["2026-11-22T09:00:00+01:00"]
    )
    """Out of a table it may be a date, which is a Dutch day: today means now, an earlier day its end."""

    offer_id: UUID | None = Field(
        default=None,
        description="The offer; or else `providerId` and `offerKey`.",
        examples=["0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"],
    )
    provider_id: UUID | None = Field(
        default=None, description="Whose offer it is.", examples=["6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"]
    )
    offer_key: Key | None = Field(
        default=None,
        validate_default=True,
        description="The provider's own key of the offer.",
        examples=["gezinshuis-duinen"],
    )

    @field_validator("offer_key")
    @classmethod
    def _names_one_offer(cls, key: str | None, others: ValidationInfo) -> str | None:
        if not {"offer_id", "provider_id"} <= others.data.keys():
            return key  # what is wrong with those is told
        offer, provider = others.data["offer_id"], others.data["provider_id"]
        if offer is None and provider is None and key is None:
            text = Text(
                nl="Noem het aanbod: offerId, of providerId en offerKey.",
                en="Name the offer: offerId, or providerId and offerKey.",
            )
            raise invalid("missing", text, field="offerId")
        if offer is not None and (provider is not None or key is not None):
            text = Text(
                nl="Noem het aanbod op één manier: offerId, of providerId en offerKey.",
                en="Name the offer in one way: offerId, or providerId and offerKey.",
            )
            raise invalid("ambiguous", text, field="offerId")
        if offer is None and (provider is None or key is None):
            text = Text(nl="Geef providerId en offerKey samen.", en="Give providerId and offerKey together.")
            raise invalid("incomplete", text, field="providerId" if provider is None else "offerKey")
        return key

    def reported(self) -> Reported:
        """What it reports."""
        return Reported(self.offer_id, self.provider_id, self.offer_key, self.observed_at, self.named())


class LineOut(Answer):
    """What came of one report."""

    line: int = described("Its line in the file; in JSON its place in the list. Counted from 1.", 2)
    status: Status = Field(
        description="`accepted`: it is in the history, and stands now if it is the newest; `unchanged`: it says what "
        "was known already; `rejected`: it was not taken in.",
        examples=["accepted"],
    )
    offer_id: UUID | None = described("The offer; null where it was rejected.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    stands: bool = described("Whether it is the report that stands for the offer now.", True)
    changes: list[Change] = Field(
        description="Of a dry run: each figure that it would make another of what stands; else empty.", examples=[[]]
    )
    hints: list[Hint] = Field(
        description="What its sender may not have meant by it; empty where there is nothing to tell.", examples=[[]]
    )
    problem: dict[str, Any] | None = PROBLEM_OF_LINE


class CapacityReportsOut(Answer):
    """What came of many reports: how many of each, what is to be known of their file, and each of them in order."""

    dry_run: bool = described("Whether nothing was taken in.", False)
    accepted: int = described("How many were accepted.", 1)
    unchanged: int = described("How many said what was known already.", 0)
    rejected: int = described("How many were rejected.", 0)
    hints: list[FileHint] = Field(description="About the file; empty where there is nothing to tell.", examples=[[]])
    items: list[LineOut] = Field(description="Each report, in the order in which they were sent.")


class StandingOut(Answer):
    """What stands of an offer; of one that was never reported only which it is."""

    offer_id: UUID = described("The offer.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    provider_id: UUID = described("Whose it is.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    offer_key: str = described("The provider's own key of the offer.", "gezinshuis-duinen")
    offer_name: str = described("What the offer is called.", "Gezinshuis De Duinen")
    unit: Unit = described("What its capacity counts.", "places")
    places_total: ShownPlaces | None = described("All places.", 8)
    places_occupied: ShownPlaces | None = described("Places that a child has now.", 6)
    places_reserved: ShownPlaces | None = described("Places promised to a child.", 1)
    places_free: ShownPlaces | None = described("Empty places; null where nothing was ever reported.", 1)
    waiting_count: int | None = described("Children who wait; null where that is not known.", 0)
    next_free_on: date | None = described("When the next place comes free.", "2026-12-14")
    wait_days_intake: int | None = described("Days from referral to intake.", 7)
    wait_days_treatment: int | None = described("Days from intake to the first real help.", 14)
    accepts_referrals: bool | None = described("Whether referrals are taken; null where never reported.", True)
    note: str | None = described("A remark for referrers.", "Plek op groep Noord.")
    observed_at: Moment | None = described(
        "When the figures were so; null where nothing was ever reported.", "2026-11-22T08:00:00Z"
    )


class CapacityReportsQuery(Schema):
    """The query keys of many reports."""

    dry_run: bool = Field(default=False, description="Only says what would come of it.", examples=[True])
    atomic: bool = Field(default=False, description="All or nothing: one rejected line rejects all.", examples=[False])
