"""Many capacity reports at once, as they go over the wire."""

from typing import Any, Literal, get_args
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from app.domain.language import Text
from app.kit.schemas import (
    Answer,
    Key,
    Schema,
    described,
    invalid,
)
from app.supply.capacity.schemas import CapacityIn

Status = Literal["accepted", "unchanged", "rejected"]
STATUSES: tuple[Status, ...] = get_args(Status)


class CapacityReportIn(CapacityIn):
    """What a provider reports of one offer, which it names by our id, or by its own and its own key."""

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
    problem: dict[str, Any] | None = Field(
        description="Why it was rejected (RFC 9457); null where it was not.",
        examples=[None],
        json_schema_extra={"anyOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "null"}]},
    )


class CapacityReportsOut(Answer):
    """What came of many reports: how many of each, and each of them in order."""

    accepted: int = described("How many were accepted.", 1)
    unchanged: int = described("How many said what was known already.", 0)
    rejected: int = described("How many were rejected.", 0)
    items: list[LineOut] = Field(description="Each report, in the order in which they were sent.")


class CapacityReportsQuery(Schema):
    """The query keys of many reports."""

    atomic: bool = Field(default=False, description="All or nothing: one rejected line rejects all.", examples=[False])
