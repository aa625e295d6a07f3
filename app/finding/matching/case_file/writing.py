"""Writing a case in the JSON shape that `codec.read_case` reads: what is written reads as the same case."""

from collections.abc import Collection
from datetime import UTC, date, datetime

from app.domain.geo import Point
from app.finding.matching.case_file.codec import Case
from app.ranking.model import (
    Capacity,
    Child,
    Choice,
    Contract,
    Offer,
    Request,
    Stop,
)

Json = dict[str, object]


def write_case(case: Case) -> Json:
    """The case as JSON; sets are written in the order of their codes, so that equal cases are written alike."""
    return {
        "today": case.today.isoformat(),
        "policy": case.policy,
        "request": _request(case.request),
        "offers": [_offer(offer) for offer in case.offers],
    }


def _request(request: Request) -> Json:
    return {
        "child": _child(request.child),
        "choices": [_choice(choice) for choice in request.choices],
        "needs": sorted(request.needs),
        "wishes": sorted(request.wishes),
        "characteristics": sorted(request.characteristics),
        "places": request.places,
        "neededBy": _day(request.needed_by),
    }


def _child(child: Child) -> Json:
    measure = child.measure
    return {
        "birthMonth": str(child.birth_month),
        "gender": child.gender,
        "municipality": child.municipality,
        "region": child.region,
        "origin": _point(child.origin) if child.origin else None,
        "measure": {"type": measure.type, "imposedOn": measure.imposed_on.isoformat()} if measure else None,
        "courtAuthorisation": child.court_authorisation,
    }


def _choice(choice: Choice) -> Json:
    return {
        "careType": choice.care_type,
        "offerId": choice.offer_id,
        "providerId": choice.provider_id,
        "maxDistanceKm": choice.max_distance_km,
    }


def _offer(offer: Offer) -> Json:
    location = offer.location
    return {
        "id": offer.id,
        "providerId": offer.provider_id,
        "careType": offer.care_type,
        "ageMin": offer.age_min,
        "ageMax": offer.age_max,
        "genders": sorted(offer.genders),
        "specialisations": sorted(offer.specialisations),
        "exclusionCriteria": sorted(offer.exclusion_criteria),
        "location": {"municipality": location.municipality, **_point(location.point)} if location else None,
        "atHome": offer.at_home,
        "serviceArea": _codes(offer.service_area),
        "needsCourtAuthorisation": offer.needs_court_authorisation,
        "contracts": [_contract(contract) for contract in offer.contracts],
        "stops": [_stop(stop) for stop in offer.stops],
        "capacity": _capacity(offer.capacity) if offer.capacity else None,
    }


def _contract(contract: Contract) -> Json:
    return {
        "kind": contract.kind,
        "regions": sorted(contract.regions),
        "municipalities": sorted(contract.municipalities),
        "careTypes": _codes(contract.care_types),
        "validFrom": contract.starts_on.isoformat(),
        "validTo": _day(contract.ends_on),
        "ceilingReached": contract.ceiling_reached,
        "ceilingExemptsMeasure": contract.ceiling_exempts_measure,
    }


def _stop(stop: Stop) -> Json:
    return {"from": stop.starts_on.isoformat(), "to": _day(stop.ends_on)}


def _capacity(capacity: Capacity) -> Json:
    return {
        "placesTotal": capacity.places_total,
        "placesFree": capacity.places_free,
        "waitingCount": capacity.waiting_count,
        "nextFreeOn": _day(capacity.next_free_on),
        "waitDaysIntake": capacity.wait_days_intake,
        "waitDaysTreatment": capacity.wait_days_treatment,
        "acceptsReferrals": capacity.accepts_referrals,
        "observedAt": _moment(capacity.observed_at),
    }


def _point(point: Point) -> Json:
    return {"latitude": point.latitude, "longitude": point.longitude}


def _codes(codes: Collection[str] | None) -> list[str] | None:
    return None if codes is None else sorted(codes)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
