"""Providers and locations as they go over the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema

from app.domain.identifiers import (
    AgbCode,
    KvkNumber,
    Pc4,
    Postcode,
    plain_postcode,
)
from app.domain.language import Text
from app.kit.pages import PageQuery
from app.kit.schemas import (
    STORABLE,
    Answer,
    FreeText,
    Key,
    Name,
    NoBsn,
    NotNull,
    Number,
    Schema,
    Words,
    described,
    invalid,
    parsed,
)
from app.reference.schemas import MunicipalityField, RegionField


def _pattern(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


def _website(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise invalid(
            "format",
            Text(nl="Een website begint met https://.", en="A website starts with https://."),
        )
    return value


AgbField = Annotated[str, parsed(AgbCode.parse), _pattern(AgbCode.PATTERN, "22220001")]
KvkField = Annotated[str, parsed(KvkNumber.parse), _pattern(KvkNumber.PATTERN, "12345678")]


def _parse_postcode(text: str) -> str:
    """A full postcode, or four digits where that is all that is known."""
    return Pc4.parse(text) if len(plain_postcode(text)) == 4 else Postcode.parse(text)


PostcodeField = Annotated[str, parsed(_parse_postcode), _pattern("^[1-9][0-9]{3}( ?[A-Za-z]{2})?$", "1781AB")]
Line = Annotated[FreeText, Field(max_length=200)]


class Contact(Schema):
    """How referrers, young people and parents reach the provider: a desk, never a person."""

    intake_desk: Line | None = Field(default=None, description="Name of the intake desk.", examples=["Aanmeldteam"])
    phone: Line | None = Field(default=None, description="Its telephone number.", examples=["088 000 0123"])
    email: Annotated[str, Field(max_length=200, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), STORABLE, NoBsn] | None = Field(
        default=None, description="Its e-mail address.", examples=["aanmelden@example.org"]
    )
    website: Annotated[Line, AfterValidator(_website)] | None = Field(
        default=None, description="The provider's website.", examples=["https://example.org"]
    )


class ProviderIn(Schema):
    """A provider to register."""

    name: Name = described("The provider's name.", "Demo Jeugdhulp De Vuurtoren")
    agb_code: AgbField | None = Field(default=None, description="AGB code (Vektis), 8 digits.", examples=["22220001"])
    kvk_number: KvkField | None = Field(
        default=None, description="Number at the Chamber of Commerce, 8 digits.", examples=["12345678"]
    )
    contact: Contact = Field(
        default_factory=Contact, description="How to reach it.", examples=[{"email": "aanmelden@example.org"}]
    )


class ProviderPatch(Schema):
    """What changes of a provider; what is left out stays, null clears."""

    name: Annotated[Name | None, NotNull] = Field(
        default=None, description="The provider's name.", examples=["Demo Jeugdhulp"]
    )
    agb_code: AgbField | None = Field(default=None, description="AGB code (Vektis).", examples=["22220001"])
    kvk_number: KvkField | None = Field(
        default=None, description="Number at the Chamber of Commerce.", examples=["12345678"]
    )
    contact: Contact | None = Field(
        default=None, description="What changes of the contact.", examples=[{"phone": "088 000 0123"}]
    )


class ProviderOut(Answer):
    """A provider."""

    id: UUID = described("Our id.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    name: str = described("The provider's name.", "Demo Jeugdhulp De Vuurtoren")
    agb_code: str | None = described("AGB code (Vektis).", "22220001")
    kvk_number: str | None = described("Number at the Chamber of Commerce.", "12345678")
    contact: Contact = described("How to reach it.", {"email": "aanmelden@example.org"})


class ProviderQuery(PageQuery):
    """The query keys of the providers."""

    q: Words | None = Field(default=None, description="Words of the name (Dutch stemming).", examples=["vuurtoren"])
    municipality: list[MunicipalityField] = Field(
        default=[], description="Only providers with a location in this municipality, or in one of these; may repeat."
    )
    region: list[RegionField] = Field(
        default=[],
        description="Only providers with a location in this jeugdregio, or in one of these; may repeat. With "
        "`municipality`: both.",
    )


class LocationIn(Schema):
    """A location to create or replace; the place on the map is taken from the postcode where it is not given."""

    name: Name = described("What the place is called.", "Gezinshuis De Duinen")
    street: Line | None = Field(default=None, description="Street.", examples=["Dorpsstraat"])
    house_number: Annotated[Line, Field(max_length=20)] | None = Field(
        default=None, description="House number with its addition.", examples=["12a"]
    )
    postcode: PostcodeField | None = Field(default=None, description="Postcode, such as 1781AB.", examples=["1781AB"])
    city: Line | None = Field(default=None, description="Town.", examples=["Den Helder"])
    municipality: MunicipalityField | None = Field(
        default=None, description="Municipality; needed where the postcode is not given or not known."
    )
    latitude: Number | None = Field(
        default=None, ge=50, le=54, description="Degrees north (WGS84), in the Netherlands.", examples=[52.9563]
    )
    longitude: Number | None = Field(
        default=None, ge=3, le=8, description="Degrees east (WGS84), in the Netherlands.", examples=[4.7601]
    )


class LocationOut(Answer):
    """A location."""

    key: Key = described("The provider's own key.", "de-duinen")
    name: str = described("What the place is called.", "Gezinshuis De Duinen")
    street: str | None = described("Street.", "Dorpsstraat")
    house_number: str | None = described("House number with its addition.", "12a")
    postcode: str | None = described("Postcode.", "1781AB")
    city: str | None = described("Town.", "Den Helder")
    municipality: str = described("Code of the municipality.", "GM0400")
    latitude: float | None = described("Degrees north (WGS84).", 52.9563)
    longitude: float | None = described("Degrees east (WGS84).", 4.7601)
