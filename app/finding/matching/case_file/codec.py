"""The JSON shape of a case: a request with its offers, and of the outcome."""

from dataclasses import dataclass
from datetime import date

from app.domain.geo import Point
from app.finding.matching.case_file.reading import CaseError, Value
from app.ranking.model import (
    CONTRACT_KINDS,
    FACTORS,
    GENDERS,
    POLICIES,
    Capacity,
    Child,
    Choice,
    Contract,
    Location,
    Measure,
    Offer,
    Outcome,
    Policy,
    Request,
    Result,
    Stop,
)
from app.ranking.rank import DEFAULT_POLICY

MOST_CHOICES = 3


@dataclass(frozen=True, slots=True)
class Case:
    """All that `rank` asks for."""

    request: Request
    offers: tuple[Offer, ...]
    today: date
    policy: Policy


def read_case(document: object) -> Case:
    """Read a case; raises CaseError with the path of the first thing that is wrong in it.

    A field that may be null or empty may be left out; `expected`, which worked examples carry, is not read.
    """
    case = Value(document).fields("today", "policy", "request", "offers", "expected")
    if case["offers"].raw is None:
        raise case["offers"].error("must be an array")
    return Case(
        request=read_request(case["request"]),
        offers=_offers(case["offers"]),
        today=case["today"].recent_day(),
        policy=case["policy"].optional(lambda value: value.one_of(POLICIES)) or DEFAULT_POLICY,
    )


def _offers(value: Value) -> tuple[Offer, ...]:
    offers: dict[str, Offer] = {}
    for item in value.items():
        offer = read_offer(item)
        if offer.id in offers:
            raise CaseError(f"{item.path}/id", "is the id of another offer too")
        offers[offer.id] = offer
    return tuple(offers.values())


def read_request(value: Value) -> Request:
    """Read the request of a case; raises CaseError."""
    request = value.fields("child", "choices", "needs", "wishes", "characteristics", "places", "neededBy")
    choices = tuple([_choice(item) for item in request["choices"].items()])
    if not 1 <= len(choices) <= MOST_CHOICES:
        raise request["choices"].error(f"must have 1 to {MOST_CHOICES} choices")
    return Request(
        child=_child(request["child"]),
        choices=choices,
        needs=request["needs"].codes(),
        wishes=request["wishes"].codes(),
        characteristics=request["characteristics"].codes(),
        places=request["places"].optional(lambda places: places.whole(least=1)) or 1,
        needed_by=request["neededBy"].optional(Value.day),
    )


def _child(value: Value) -> Child:
    child = value.fields("birthMonth", "gender", "municipality", "region", "origin", "measure", "courtAuthorisation")
    return Child(
        birth_month=child["birthMonth"].month(),
        gender=child["gender"].one_of(GENDERS),
        municipality=child["municipality"].text(),
        region=child["region"].text(),
        origin=child["origin"].optional(_origin),
        measure=child["measure"].optional(_measure),
        court_authorisation=child["courtAuthorisation"].flag(),
    )


def _origin(value: Value) -> Point:
    return _point(value.fields("latitude", "longitude"))


def _point(place: dict[str, Value]) -> Point:
    return Point(place["latitude"].number(-90, 90), place["longitude"].number(-180, 180))


def _measure(value: Value) -> Measure:
    measure = value.fields("type", "imposedOn")
    return Measure(measure["type"].text(), measure["imposedOn"].recent_day())


def _choice(value: Value) -> Choice:
    choice = value.fields("careType", "offerId", "providerId", "maxDistanceKm")
    return Choice(
        care_type=choice["careType"].text(),
        offer_id=choice["offerId"].optional(Value.text),
        provider_id=choice["providerId"].optional(Value.text),
        max_distance_km=choice["maxDistanceKm"].optional(lambda km: km.number(least=0)),
    )


def read_offer(value: Value) -> Offer:
    """Read one offer of a case; raises CaseError."""
    # fmt: off
    offer = value.fields(
        "id", "providerId", "careType", "ageMin", "ageMax", "genders", "specialisations", "exclusionCriteria",
        "location", "atHome", "serviceArea", "needsCourtAuthorisation", "contracts", "stops", "capacity",
    )
    # fmt: on
    return Offer(
        id=offer["id"].text(),
        provider_id=offer["providerId"].text(),
        care_type=offer["careType"].text(),
        age_min=offer["ageMin"].whole(),
        age_max=offer["ageMax"].whole(),
        genders=frozenset([gender.one_of(GENDERS) for gender in offer["genders"].items()]),
        contracts=tuple([_contract(item) for item in offer["contracts"].items()]),
        stops=tuple([_stop(item) for item in offer["stops"].items()]),
        capacity=offer["capacity"].optional(_capacity),
        location=offer["location"].optional(_location),
        at_home=offer["atHome"].flag(),
        service_area=offer["serviceArea"].optional(Value.codes),
        needs_court_authorisation=offer["needsCourtAuthorisation"].flag(),
        specialisations=offer["specialisations"].codes(),
        exclusion_criteria=offer["exclusionCriteria"].codes(),
    )


def _location(value: Value) -> Location:
    location = value.fields("municipality", "latitude", "longitude")
    return Location(location["municipality"].text(), _point(location))


def _contract(value: Value) -> Contract:
    # fmt: off
    contract = value.fields(
        "kind", "regions", "municipalities", "careTypes", "validFrom", "validTo",
        "ceilingReached", "ceilingExemptsMeasure",
    )
    # fmt: on
    return Contract(
        kind=contract["kind"].one_of(CONTRACT_KINDS),
        starts_on=contract["validFrom"].day(),
        ends_on=contract["validTo"].optional(Value.day),
        regions=contract["regions"].codes(),
        municipalities=contract["municipalities"].codes(),
        care_types=contract["careTypes"].optional(Value.codes),
        ceiling_reached=contract["ceilingReached"].flag(),
        ceiling_exempts_measure=contract["ceilingExemptsMeasure"].flag(),
    )


def _stop(value: Value) -> Stop:
    stop = value.fields("from", "to")
    return Stop(stop["from"].day(), stop["to"].optional(Value.day))


def _capacity(value: Value) -> Capacity:
    # fmt: off
    capacity = value.fields(
        "placesTotal", "placesFree", "waitingCount", "nextFreeOn", "waitDaysIntake", "waitDaysTreatment",
        "acceptsReferrals", "observedAt",
    )
    # fmt: on
    accepts = capacity["acceptsReferrals"]
    return Capacity(
        observed_at=capacity["observedAt"].moment(),
        places_free=capacity["placesFree"].whole(),
        waiting_count=capacity["waitingCount"].whole(),
        places_total=capacity["placesTotal"].optional(Value.whole),
        next_free_on=capacity["nextFreeOn"].optional(Value.day),
        wait_days_intake=capacity["waitDaysIntake"].optional(Value.whole),
        wait_days_treatment=capacity["waitDaysTreatment"].optional(Value.whole),
        accepts_referrals=True if accepts.raw is None else accepts.flag(),
    )


def write_outcome(outcome: Outcome) -> dict[str, object]:
    """The outcome as JSON, in the shape of `expected`; distances in km to the metre."""
    return {
        "deadline": outcome.deadline.isoformat(),
        "results": [_written(result) for result in outcome.results],
        "excluded": [
            {"offerId": exclusion.offer.id, "reasons": list(exclusion.reasons)} for exclusion in outcome.excluded
        ],
        "alternatives": [
            {"offerId": alternative.offer.id, "needs": alternative.needs} for alternative in outcome.alternatives
        ],
    }


def write_factors(factors: tuple[int, ...]) -> dict[str, int]:
    """The factors by name."""
    return dict(zip(FACTORS, factors, strict=True))


def _written(result: Result) -> dict[str, object]:
    start, distance = result.expected_start, result.distance_km
    return {
        "offerId": result.offer.id,
        "choice": result.choice,
        "expectedStart": None if start is None else start.isoformat(),
        "distanceKm": None if distance is None else round(distance, 3),
        "factors": write_factors(result.factors),
        "decidedBy": result.decided_by,
    }
