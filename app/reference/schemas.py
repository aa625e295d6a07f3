"""Fields that hold a code, checked against the lists, and what the reference lists look like."""

from collections.abc import Callable, Container, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema

from app.domain.identifiers import IdentifierError, MunicipalityCode, Pc4, RegionCode
from app.domain.language import Text
from app.kit.schemas import (
    STORABLE,
    Answer,
    Unique,
    described,
    invalid,
    parsed,
)
from app.reference.former_municipalities import instead_of
from app.reference.lists import MeasureKind, reference


def _known(
    codes: Callable[[], Container[str]], list_name: str, instead: Callable[[str], Text | None] = lambda _: None
) -> AfterValidator:
    """Refuses a code that is not in the list, with the words of `instead` where that knows it."""

    def check(code: str) -> str:
        if code not in codes():
            text = Text(
                nl=f"De code {code!r} staat niet in de lijst; zie /v1/{list_name}.",
                en=f"The code {code!r} is not in the list; see /v1/{list_name}.",
            )
            raise invalid("unknown-code", instead(code) or text)
        return code

    return AfterValidator(check)


def _municipality(text: str) -> MunicipalityCode:
    """The code; of a name, the error says what its code is."""
    try:
        return MunicipalityCode.parse(text)
    except IdentifierError as error:
        raise IdentifierError(error.code, instead_of(text.strip()) or error.text) from error


def _pattern(pattern: str, description: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "description": description, "examples": [example]})


def _codes(codes: Callable[[], Mapping[str, Any]], list_name: str, example: str) -> tuple[Any, ...]:
    schema = {"type": "string", "enum": list(codes()), "examples": [example]}
    return _known(codes, list_name), WithJsonSchema(schema)


_care, _care_json = _codes(lambda: reference().care_types, "care-types", "pleegzorg-voltijd")
_spec, _spec_json = _codes(lambda: reference().specialisations, "specialisations", "trauma")
_excl, _excl_json = _codes(lambda: reference().exclusion_criteria, "exclusion-criteria", "weglopen")
_decl, _decl_json = _codes(lambda: reference().decline_reasons, "decline-reasons", "no-place")
_cause, _cause_json = _codes(lambda: reference().waiting_causes, "waiting-causes", "waiting-list")
_close, _close_json = _codes(lambda: reference().closing_reasons, "closing-reasons", "as-planned")
_meas, _meas_json = _codes(lambda: reference().measures, "measures", "11")

CareTypeCode = Annotated[str, _care, _care_json]
SpecialisationCode = Annotated[str, _spec, _spec_json]
ExclusionCode = Annotated[str, _excl, _excl_json]
DeclineReasonCode = Annotated[str, _decl, _decl_json]
WaitingCauseCode = Annotated[str, _cause, _cause_json]
ClosingReasonCode = Annotated[str, _close, _close_json]
MeasureCode = Annotated[str, _meas, _meas_json]
RegionField = Annotated[
    str,
    _known(lambda: reference().regions, "regions"),
    parsed(RegionCode.parse),
    _pattern(RegionCode.PATTERN, "Code of a jeugdregio (CBS).", "JZ03"),
]
MunicipalityField = Annotated[
    str,
    _known(lambda: reference().municipalities, "municipalities", instead_of),
    parsed(_municipality),
    _pattern(MunicipalityCode.PATTERN, "Code of a municipality (CBS).", "GM0400"),
]
SupraregionField = Annotated[
    str,
    _known(lambda: reference().supraregions, "regions"),
    WithJsonSchema({"type": "string", "description": "A supraregion.", "examples": ["noord-holland"]}),
]
AreaField = Annotated[
    str,
    _known(lambda: reference().regions.keys() | reference().municipalities.keys(), "municipalities", instead_of),
    _pattern("^(GM[0-9]{4}|JZ[0-9]{2})$", "Code of a municipality or a jeugdregio (CBS).", "GM0400"),
]
Pc4Field = Annotated[str, parsed(Pc4.parse), _pattern(Pc4.PATTERN, "Postcode: its four digits count.", "1781")]
ProductCodeField = Annotated[str, Field(min_length=1, max_length=5, examples=["43A10"]), STORABLE]
"""Any text of 1 to 5 characters: municipalities may define their own codes beside the standard ones."""


class RegionOut(Answer):
    """A jeugdregio."""

    code: str = described("Code of the jeugdregio (CBS gebiedsindelingen).", "JZ03")
    name: str = described("Its name at CBS; key by code, names differ between sources.", "Kop van Noord-Holland")
    supraregions: list[str] = described(
        "The supraregions that it works together in, each for its own purpose; see /v1/supraregions.",
        ["noord-holland", "noord-holland-noord", "nw4"],
    )


class SupraregionOut(Answer):
    """Regions that work together above the region."""

    code: str = described("Our code.", "zuidwest")
    name: str = described("Its name, with what it is for where that is not all.", "Zuidwest")
    regions: list[str] = described("Codes of its jeugdregio's.", ["JZ18", "JZ24", "JZ27", "JZ31"])


class InstitutionOut(Answer):
    """A certified institution (GI)."""

    name: str = described("Its name.", "De Jeugd- en Gezinsbeschermers")
    regions: list[str] = described("The jeugdregio's that are known to contract it.", ["JZ03", "JZ05"])


class MunicipalityOut(Answer):
    """A municipality."""

    code: str = described("Code of the municipality (CBS).", "GM0400")
    name: str = described("Its name.", "Den Helder")
    province_code: str = described("Code of its province.", "PV27")
    province_name: str = described("Name of its province.", "Noord-Holland")
    region: str = described("Code of its jeugdregio.", "JZ03")


class CodeOut(Answer):
    """A code of one of our lists."""

    code: str = described("The code.", "trauma")
    name: str = described("Its name, in the language asked for.", "Trauma")


class NationalCodeOut(Answer):
    """A code of a national list."""

    code: str = described("The code.", "11")
    name: str = described("Its name, which is Dutch.", "Met verblijf: pleegzorg")


class CareTypeOut(Answer):
    """A care type that a referrer searches by."""

    code: str = described("Our code.", "pleegzorg-voltijd")
    name: str = described("Its name, in the language asked for.", "Pleegzorg voltijd")
    cbs_form_code: str = described("CBS form of help (Regeling Jeugdwet, bijlage 2).", "11")
    category_codes: list[str] = described("iJw product categories (JZ020).", ["44"])
    residential: bool = described("Whether the child stays there.", True)
    crisis: bool = described("Whether it is crisis help.", False)
    needs_court_authorisation: bool = described("Whether it takes a court authorisation for secure care.", False)
    cbs_form: NationalCodeOut = Field(description="The CBS form of `cbsFormCode`.")
    categories: list[NationalCodeOut] = Field(description="The product categories of `categoryCodes`.")


class ListedMeasure(CodeOut):
    """A measure that a certified institution carries out."""

    code: str = described("Its code (Regeling Jeugdwet, bijlage 2).", "11")
    name: str = described("Its name, in the language asked for.", "Ondertoezichtstelling")
    kind: MeasureKind = described("What kind of measure it is.", "protection")


class DeclineReasonOut(CodeOut):
    """A reason to decline a referral."""

    ijw_code: str | None = described("The iJw rejection code (WJ759), where one fits.", "7")


class ClosingReasonOut(CodeOut):
    """A reason to close a request."""

    ijw_code: str | None = described("The iJw reason for ending help (JZ588), where one fits.", "31")


class ProductCodeOut(Answer):
    """A standard product code (JZ21); it means something only together with a municipality."""

    code: str = described("The product code.", "43A10")
    name: str = described("Its name.", "Gezinshuis: inspanningsgericht")
    category_code: str = described("iJw product category (JZ020).", "43")
    category_name: str | None = described("Name of the category.", "Jeugdhulp verblijf (incl. beh.)")
    cbs_form_code: str | None = described("CBS form of help, where known.", "12")


class PostcodeOut(Answer):
    """A four-digit postcode."""

    pc4: str = described("The postcode.", "1781")
    latitude: float = described("Latitude of its middle, in degrees (WGS84).", 52.9563)
    longitude: float = described("Longitude of its middle, in degrees (WGS84).", 4.7601)
    municipality: str = described("Its municipality; of a border postcode, one of them.", "GM0400")
    city: str = described("Its town.", "Den Helder")


DeclinedForCriteria = Annotated[
    Annotated[list[ExclusionCode], Unique, Field(min_length=1)] | None,
    Field(
        validate_default=True,
        description="decline: the exclusion criteria that it is about; required of a contra-indication.",
        examples=[["weglopen"]],
    ),
]
DeclinedForSpecialisations = Annotated[
    Annotated[list[SpecialisationCode], Unique, Field(min_length=1)] | None,
    Field(
        validate_default=True,
        description="decline: the specialisations that it is about; where it is the group or the need, it names at "
        "least one of these or an exclusion criterion.",
        examples=[["trauma"]],
    ),
]
"""What a decline is about, of a referral as of a call; an empty list is none."""
