"""Batches of locations and offers as they go over the wire.

The form is that of the Batching module of the NL API strategy: `POST …/_batch`, `requests` in, as many `results` out in
the same order, what is wrong with one of them in its result. The module speaks of reading; this writes in its manner.
"""

from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, field_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from app.domain.language import Text
from app.kit.files.schemas import PROBLEM_OF_LINE
from app.kit.schemas import (
    Answer,
    Change,
    Key,
    Schema,
    described,
    invalid,
)
from app.supply.offers.schemas import OfferIn
from app.supply.providers.schemas import LocationIn

MOST = 5000
"""Offers in one batch, and as many locations."""

Status = Literal["created", "replaced", "unchanged", "ended", "rejected"]
STATUSES: tuple[Status, ...] = get_args(Status)


class LocationItem(LocationIn):
    """A location to create or replace."""

    key: Key = described("The provider's own key.", "de-duinen")


class OfferItem(OfferIn):
    """An offer to create or replace."""

    key: Key = described("The provider's own key.", "gezinshuis-duinen")


class LaterAs:
    """Takes anything in a body now, to be held against `model` later: one that is wrong does not refuse the others."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    def __get_pydantic_core_schema__(self, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.any_schema()

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self._model.__pydantic_core_schema__)


class OfferBatchIn(Schema):
    """Offers and locations of one provider."""

    requests: list[Annotated[Any, LaterAs(OfferItem)]] = Field(
        max_length=MOST,
        description="The offers. Each has a key of its own; they may lie at the `locations` given here.",
    )
    locations: list[Annotated[Any, LaterAs(LocationItem)]] = Field(
        default=[],
        max_length=MOST,
        validate_default=True,
        description="The locations, which come first. Each has a key of its own.",
    )

    @field_validator("locations")
    @classmethod
    def _some(cls, locations: list[Any], others: Any) -> list[Any]:
        if not locations and others.data.get("requests") == []:
            raise invalid(
                "too-few",
                Text(nl="Er staat geen aanbod en geen locatie in.", en="There is no offer and no location in it."),
                field="requests",
            )
        return locations


class OfferBatchQuery(Schema):
    """The query keys of a batch."""

    dry_run: bool = Field(default=False, description="Only says what would change.", examples=[True])
    atomic: bool = Field(
        default=False, description="All or nothing: one that is rejected rejects all.", examples=[False]
    )
    end_missing: bool = Field(
        default=False,
        description="Ends the provider's offers that are not in `requests`, so that it is a mirror.",
        examples=[False],
    )


class LocationResult(Answer):
    """What came of one location."""

    key: str = described("The provider's own key.", "de-duinen")
    status: Status = Field(
        description="`created`: it is new; `replaced`: it differs, see `changes`; `unchanged`: it was so already; "
        "`ended`: it was not in the list, and `endMissing` was asked; `rejected`: nothing came of it, see `problem`.",
        examples=["replaced"],
    )
    changes: list[Change] = Field(description="Of one that is replaced: each field that differs.")
    problem: dict[str, Any] | None = PROBLEM_OF_LINE


class OfferResult(LocationResult):
    """What came of one offer."""

    offer_id: UUID | None = described(
        "Our id of the offer; null where there is none (yet).", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"
    )


class OfferBatchOut(Answer):
    """What came of a batch, or would come of it: how many of each, locations and offers together, and each of them."""

    dry_run: bool = described("Whether nothing was changed.", False)
    created: int = described("How many are new.", 1)
    replaced: int = described("How many differ from what was there.", 0)
    unchanged: int = described("How many were so already.", 0)
    ended: int = described("How many offers ended because they were not in the list.", 0)
    rejected: int = described("How many were rejected.", 0)
    results: list[OfferResult] = Field(description="The offers of `requests`, in their order.")
    locations: list[LocationResult] = Field(description="The locations, in their order.")
    ended_offers: list[OfferResult] = Field(description="The offers that ended, by key.")
