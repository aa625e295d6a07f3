"""What is asked of the HSDS interface, and the pages that it answers with (API Reference, "Lists and Pagination")."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.domain.dates import dutch_midnight
from app.domain.identifiers import Pc4
from app.kit.schemas import (
    Schema,
    Words,
    described,
    parsed,
    read_moment,
)
from app.standards.hsds.objects import (
    HsdsObject,
    MinimalService,
    Service,
    Uri,
)

Item = TypeVar("Item")

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LOCAL = re.compile(r"[^Z]*T[\d:.]*")
MOST: int = 200
"""Items on a page at most."""


def _since(value: object) -> object:
    """A date or a time as everywhere (RFC 3339), and as this standard has it in UTC where a time does not say.

    A date is a Dutch day, from its midnight on.
    """
    text = str(value)
    try:
        if _DATE.fullmatch(text):
            return dutch_midnight(date.fromisoformat(text))
        return read_moment(f"{text}Z" if _LOCAL.fullmatch(text) else text)
    except ValueError as error:
        raise PydanticCustomError("timezone_aware", "Input should be a time") from error


Since = Annotated[datetime, BeforeValidator(_since), WithJsonSchema({"type": "string", "format": "date-time"})]
Postcode = Annotated[str, parsed(Pc4.parse), WithJsonSchema({"type": "string", "pattern": Pc4.PATTERN})]

_PROVIDER = "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"
_TERM = "3f7b145d-84af-52d7-8fae-eaca714b02b2"


class HsdsQuery(Schema):
    """The query keys of every list."""

    model_config = ConfigDict(alias_generator=None)

    search: Words | None = Field(default=None, description="Words to search for.", examples=["pleegzorg den helder"])
    page: int | None = Field(
        default=None, ge=1, le=10_000_000, description="The page, from 1; with ndjson there are none.", examples=[1]
    )
    per_page: int | None = Field(
        default=None, ge=1, le=MOST, description="Items on a page, 50 unless said.", examples=[50]
    )
    format: Literal["json", "ndjson"] = Field(
        default="json", description="ndjson streams all of it, an object a line, without pages.", examples=["json"]
    )


class TermsQuery(HsdsQuery):
    """The query keys of lists that terms narrow down."""

    taxonomy_term_id: UUID | None = Field(default=None, description="Only what has this term.", examples=[_TERM])
    taxonomy_id: UUID | None = Field(default=None, description="Only what has a term of this one.", examples=[_TERM])
    full: bool = Field(default=False, description="With all that belongs to it.", examples=[False])


class ServiceListQuery(TermsQuery):
    """The query keys of offers."""

    organization_id: UUID | None = Field(default=None, description="Only this provider's.", examples=[_PROVIDER])
    modified_after: Since | None = Field(
        default=None, description="Only what changed then or later.", examples=["2026-11-22T08:00:00Z"]
    )


class ServiceQuery(ServiceListQuery):
    """The query keys of services."""

    minimal: bool = Field(
        default=False,
        description="Only ids and when they changed, all on one page unless `per_page`.",
        examples=[False],
    )


class ServiceAtLocationQuery(ServiceListQuery):
    """The query keys of services at locations."""

    postcode: Postcode | None = Field(
        default=None,
        description="Its four digits count: only what takes children of its municipality.",
        examples=["1781"],
    )
    proximity: Annotated[float, Field(ge=0, le=400_000)] | None = Field(
        default=None, description="At most so many metres from the middle of the postcode.", examples=[25000]
    )


class OrganizationQuery(TermsQuery):
    """The query keys of organizations."""

    full_service: bool = Field(
        default=False, description="With their services, and all that belongs to those.", examples=[False]
    )


class OneOrganizationQuery(Schema):
    """The query key of an organization."""

    model_config = ConfigDict(alias_generator=None)

    full_service: bool = Field(
        default=False, description="Its services with all that belongs to them.", examples=[False]
    )


class LocationQuery(HsdsQuery):
    """The query keys of locations."""

    organization_id: UUID | None = Field(default=None, description="Only this provider's.", examples=[_PROVIDER])


class TaxonomyTermQuery(HsdsQuery):
    """The query keys of taxonomy terms."""

    taxonomy_id: UUID | None = Field(default=None, description="Only those of this taxonomy.", examples=[_TERM])
    top_only: bool = Field(
        default=False, description="Only those at the top; none of ours is under another.", examples=[False]
    )
    parent_id: UUID | None = Field(
        default=None, description="Only those under this one; none of ours is.", examples=[_TERM]
    )


class ApiInfo(HsdsObject):
    """What this interface is."""

    version: Literal["3.1"] = described("The version of HSDS.", "3.1")
    profile: Uri = described("What it conforms to.", "https://docs.openreferral.org/en/3.1/hsds/schema_reference.html")
    openapi_url: Uri = described("What it can be asked.", "https://example.org/hsds/openapi.json")


class Page(HsdsObject, Generic[Item]):
    """A page of a list."""

    total_items: int = described("Items on all pages.", 1526)
    total_pages: int = described("Pages.", 31)
    page_number: int = described("Which page this is, from 1.", 1)
    size: int = described("Items on this page.", 50)
    first_page: bool = described("Whether it is the first.", True)
    last_page: bool = described("Whether it is the last.", False)
    empty: bool = described("Whether there is nothing on it.", False)
    contents: list[Item] = Field(description="The items.")


class ServicePage(Page[Service | MinimalService]):
    """A page of services."""


def page_of(contents: list[Any], total: int, number: int, per_page: int) -> dict[str, Any]:
    """A page as it goes over the wire; `total` is how many items there are on all of them."""
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }
