"""The parts of a case as they are in JSON: each makes the part of `ranking.model` of the same name."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Self, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from app.allocation.expected_wait import ExpectedWait
from app.domain.dates import MONTH_PATTERN, YearMonth
from app.domain.geo import Point
from app.domain.language import Text
from app.kit.schemas import (
    Day,
    Moment,
    NormDay,
    Number,
    Schema,
    Whole,
    YesNo,
    defaulted,
    described,
    invalid,
    plain_number,
)
from app.ranking.model import (
    Capacity,
    Child,
    ChildGender,
    Choice,
    Contract,
    ContractKind,
    Decline,
    Gender,
    GrantedException,
    Location,
    Measure,
    Offer,
    Reason,
    Request,
    Stop,
    Unit,
)


def _month(month: object) -> str:
    try:
        return str(month if isinstance(month, YearMonth) else YearMonth.parse(cast("str", month)))
    except (TypeError, ValueError):
        raise invalid("invalid", Text(nl="Een maand (JJJJ-MM).", en="A month (YYYY-MM).")) from None


def _recent(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 2999:
        raise invalid("out-of-range", Text(nl="Een jaar van 1900 tot 3000.", en="A year from 1900 to 3000."))
    return moment


Code = Annotated[str, Field(min_length=1)]
Codes = Annotated[frozenset[Code], PlainSerializer(sorted, return_type=list[str])]
Genders = Annotated[frozenset[Gender], PlainSerializer(sorted, return_type=list[Gender])]
Month = Annotated[str, BeforeValidator(_month), WithJsonSchema({"type": "string", "pattern": MONTH_PATTERN})]
Count = Annotated[Whole, Field(ge=0, le=100_000)]
Amount = Annotated[Number, Field(ge=0, le=100_000, multiple_of=0.5), PlainSerializer(plain_number, return_type=float)]
ReportTime = Annotated[Moment, AfterValidator(_recent)]


class CasePart(Schema):
    """A part of a case; `MAKES` is what it makes of its fields."""

    MAKES: ClassVar[type[Any]]

    def made(self) -> Any:
        """The part of the ranking's own model that this is."""
        return self.MAKES(**{name: _made(value) for name, value in self})

    @classmethod
    def of(cls, part: object) -> Self:
        """The other way round: what stands for a part of the ranking's own model."""
        return cls.model_validate(part, from_attributes=True, by_alias=False, by_name=True)


def _made(value: object) -> object:
    if isinstance(value, list):
        return tuple(_made(each) for each in value)
    return value.made() if isinstance(value, CasePart) else value


class CasePoint(CasePart):
    """A point on earth, in degrees (WGS84)."""

    MAKES = Point
    latitude: Annotated[Number, Field(ge=-90, le=90)] = described("Degrees north.", 52.95)
    longitude: Annotated[Number, Field(ge=-180, le=180)] = described("Degrees east.", 4.76)


class CaseMeasure(CasePart):
    """A child-protection measure."""

    MAKES = Measure
    type: Code = described("The kind of measure (CBS); 31, preventive, counts as none.", "11")
    imposed_on: NormDay = described("When the judge imposed it.", "2026-10-12")


class CaseChild(CasePart):
    """What the ranking knows of the child."""

    MAKES = Child
    birth_month: Month = described("Year and month of birth.", "2012-03")
    gender: ChildGender = described("The child's gender; one that is unknown fits every offer.", "female")
    municipality: Code = described("The responsible municipality (woonplaatsbeginsel).", "GM0400")
    region: Code = described("Its jeugdregio.", "JZ03")
    origin: CasePoint | None = Field(default=None, description="Where distance is counted from; null where unknown.")
    measure: CaseMeasure | None = Field(default=None, description="Its measure; null where there is none.")
    court_authorisation: YesNo = defaulted(False, "Whether secure care is authorised.", False)

    def made(self) -> Child:
        """As of every part, with the month read."""
        fields = {name: _made(value) for name, value in self}
        return Child(**cast("dict[str, Any]", fields | {"birth_month": YearMonth.parse(self.birth_month)}))


class CaseChoice(CasePart):
    """A kind of help that suits the child, at a named offer or provider or at any."""

    MAKES = Choice
    care_type: Code = described("The care type.", "gezinshuis")
    offer_id: Code | None = defaulted(None, "Only this offer.", "o07")
    provider_id: Code | None = defaulted(None, "Only this provider.", "p1")
    max_distance_km: Annotated[Number, Field(ge=0)] | None = defaulted(None, "At most this far, in km.", 40)


class CaseDecline(CasePart):
    """An earlier refusal of the child."""

    MAKES = Decline
    offer_id: Code = described("The offer that refused.", "o12")
    declined_on: NormDay = described("When.", "2026-11-20")
    reason: Code = described("Why: a code of /decline-reasons.", "no-place")


class CaseException(CasePart):
    """An exception that was granted for the child."""

    MAKES = GrantedException
    offer_id: Code = described("The offer.", "o12")
    reason: Reason = described("What is not held against it.", "budget-ceiling")


class CaseRequest(CasePart):
    """The request that is ranked for."""

    MAKES = Request
    child: CaseChild = Field(description="The child.")
    choices: Annotated[list[CaseChoice], Field(min_length=1, max_length=3)] = Field(
        description="The first, second and third choice."
    )
    needs: Codes = defaulted(frozenset(), "Specialisations that an offer must have.", ["trauma"])
    wishes: Codes = defaulted(frozenset(), "Specialisations that it had better have.", ["broers-zussen"])
    characteristics: Codes = defaulted(frozenset(), "What is held against exclusion criteria.", ["weglopen"])
    places: Annotated[Whole, Field(ge=1, le=100_000)] = defaulted(1, "Places that are needed together.", 1)
    needed_by: Day | None = defaulted(None, "When help is needed, where that is sooner than the norm.", "2026-12-15")
    declines: list[CaseDecline] = Field(default=[], description="Earlier refusals of this child.")
    exceptions: list[CaseException] = Field(default=[], description="What is not held against offers for this child.")


class CaseLocation(CasePart):
    """Where the help is."""

    MAKES = Location
    municipality: Code = described("Code of the municipality.", "GM0400")
    latitude: Annotated[Number, Field(ge=-90, le=90)] = described("Degrees north (WGS84).", 52.95)
    longitude: Annotated[Number, Field(ge=-180, le=180)] = described("Degrees east (WGS84).", 4.76)


class CaseContract(CasePart):
    """A contract, as far as it covers the child."""

    MAKES = Contract
    kind: ContractKind = described("What kind it is.", "regional")
    starts_on: Day = Field(alias="validFrom", description="Its first day.", examples=["2026-01-01"])
    ends_on: Day | None = defaulted(None, "Its last day; null where it has no end.", "2027-12-31", alias="validTo")
    regions: Codes = defaulted(frozenset(), "The regions whose children it covers.", ["JZ03"])
    municipalities: Codes = defaulted(frozenset(), "The municipalities whose children it covers.", ["GM0400"])
    care_types: Codes | None = defaulted(None, "The care types that it covers; null for all.", ["gezinshuis"])
    ceiling_reached: YesNo = defaulted(False, "Whether its budget ceiling is reached.", False)
    ceiling_exempts_measure: YesNo = defaulted(False, "Whether the ceiling leaves out children with a measure.", True)


class CaseStop(CasePart):
    """A placement stop."""

    MAKES = Stop
    starts_on: Day = Field(alias="from", description="Its first day.", examples=["2026-11-01"])
    ends_on: Day | None = defaulted(None, "Its last day; null while it has no end.", "2027-12-31", alias="to")


class CaseCapacity(CasePart):
    """The report that stood."""

    MAKES = Capacity
    places_total: Amount | None = defaulted(None, "All places (or hours a week).", 4)
    places_free: Amount = described("Those that are empty; who waits comes first.", 1)
    waiting_count: Count | None = defaulted(None, "Children who wait; null, unknown, counts as none.", 0)
    next_free_on: Day | None = defaulted(None, "When the next place comes free.", "2026-12-14")
    wait_days_intake: Count | None = defaulted(None, "Days from referral to intake.", 14)
    wait_days_treatment: Count | None = defaulted(None, "Days from intake to the first real help.", 28)
    accepts_referrals: YesNo = defaulted(True, "Whether it takes referrals.", True)
    observed_at: ReportTime = described("When the figures were so.", "2026-11-22T08:00:00Z")


class CaseOffer(CasePart):
    """An offer as it stood."""

    MAKES = Offer
    id: Code = described("What the offer is known by.", "o07")
    provider_id: Code = described("What its provider is known by.", "p1")
    care_type: Code = described("The care type of the help.", "gezinshuis")
    age_min: Count = described("Youngest age taken in, in whole years.", 4)
    age_max: Count = described("Oldest age taken in, in whole years (inclusive).", 17)
    genders: Genders = described("Who is taken in.", ["female", "male", "other"])
    specialisations: Codes = defaulted(frozenset(), "What it is specialised in.", ["trauma"])
    exclusion_criteria: Codes = defaulted(frozenset(), "Characteristics for which it refuses.", ["weglopen"])
    location: CaseLocation | None = Field(default=None, description="Where it is; null where that is unknown.")
    at_home: YesNo = defaulted(False, "Whether the help comes to the child.", False)
    service_area: Codes | None = defaulted(None, "Municipalities that it serves; null: all.", ["GM0400"])
    needs_court_authorisation: YesNo = defaulted(False, "Whether it takes a court authorisation.", False)
    unit: Unit = defaulted("places", "What its capacity counts.", "places")
    contracts: list[CaseContract] = Field(default=[], description="Its contracts.")
    stops: list[CaseStop] = Field(default=[], description="Its placement stops.")
    capacity: CaseCapacity | None = Field(default=None, description="The report that stands; null where there is none.")


class CaseExpectedWait(CasePart):
    """Our estimate of the wait at an offer, by its own reports: the days that stand in the place of those to intake."""

    MAKES = ExpectedWait
    days: Count = described("Days from the day of the ranking that are as likely too many as too few.", 41)
    soonest: Count = described("In one of ten cases it takes no more days.", 17)
    latest: Count = described("In nine of ten cases it takes no more days.", 88)
    ahead: Count = described("Children who waited already.", 3)
    freed: Count = Field(alias="placesFreed", description="Places that came free in those weeks.", examples=[12])
    weeks: Count = described("Weeks of reports that it is made of.", 26)
