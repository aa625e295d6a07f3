"""The map beside the list of free places: of which part of the country, what is on it, and where its marks lead."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.domain.geo import distance_km
from app.finding.search.found_places import FoundLocation, FoundPlaces
from app.finding.search.schemas import AvailabilityFilter
from app.reference.lists import reference
from app.web.free_places.question import FreePlacesForm, Question
from app.web.map.clusters import Cluster
from app.web.map.drawing import Area, MapOffer

_LOCATIONS_KM: Final = 10
_REGIONS_KM: Final = 50
"""Up to how far from a place the map is of the municipalities around it, and of their regions."""
MOST_APART: Final = 1_000
"""Offers around a place that are drawn by location; of more no mark could name its locations, nor its address."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where something leads, and what it says."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen on the map, as a field of the form."""

    name: str
    value: str
    label: str


def area_of(query: AvailabilityFilter) -> Area:
    """What the map of a question is of: as near as it can be with all that is found on it."""
    if query.municipality:
        return Area("municipalities", tuple(query.municipality))
    if query.region:
        return Area("regions", tuple(query.region))
    if query.postcode is None or query.radius_km is None or query.radius_km > _REGIONS_KM:
        return Area()
    near = _near(query.postcode, query.radius_km)
    return Area("municipalities", near) if query.radius_km <= _LOCATIONS_KM else regions_of(near)


def regions_of(municipalities: Iterable[str]) -> Area:
    """The regions of these municipalities, whose offers are drawn by municipality."""
    known = reference().municipalities
    return Area("regions", tuple(sorted({known[each].region for each in municipalities})))


@cache
def _near(pc4: str, km: float) -> tuple[str, ...]:
    """The municipalities of which a postcode is within so many km of this one."""
    areas = reference().postcodes
    middle = areas[pc4].point
    return tuple(sorted({each.municipality for each in areas.values() if distance_km(middle, each.point) <= km}))


def by_municipality(found: Iterable[FoundPlaces]) -> list[MapOffer]:
    """What was counted by municipality, as the map takes it."""
    return [MapOffer(each.municipality, None, "", each.free, each.offers) for each in found]


def by_location(found: Iterable[FoundLocation]) -> list[MapOffer]:
    """What was found by location, as the map takes it."""
    return [MapOffer(each.municipality, each.point, each.label, each.free, len(each.offer_ids)) for each in found]


def narrowed(form: FreePlacesForm, area: Area, path: str, cluster: Cluster) -> str:
    """Where a mark leads: to the same question of what it stands for."""
    areas = list(cluster.areas)
    if area.level == "country":
        return form.address(path, regio=areas, na="")
    if area.level == "municipalities":
        return form.address(path, plek=areas, na="")
    if len(areas) == 1 and not form.waar:
        return form.address(path, waar=reference().municipalities[areas[0]].name, regio=[], na="")
    return form.address(path, gemeente=areas, na="")


def wider(form: FreePlacesForm, question: Question, path: str) -> Link | None:
    """A link to the map around what is asked; None where that is what is shown."""
    if form.plek:
        return Link(form.address(path, plek=[], na=""), "Alle locaties")
    if form.gemeente:
        return Link(form.address(path, gemeente=[], na=""), "Alle gemeenten")
    if form.regio:
        return Link(form.address(path, regio=[], na=""), "Alle jeugdregio's")
    if question.place is None or form.binnen:
        return None
    region = reference().municipalities[question.place.municipality].region
    return Link(form.address(path, waar="", regio=[region], na=""), f"Jeugdregio {reference().regions[region].name}")


def chosen(form: FreePlacesForm) -> list[Chosen]:
    """What was chosen on the map, each as something to take back."""
    lists = reference()
    regions = [(each, lists.regions.get(each)) for each in form.regio]
    municipalities = [(each, lists.municipalities.get(each)) for each in form.gemeente]
    return [
        *(Chosen("regio", code, f"Jeugdregio {known.name if known else code}") for code, known in regions),
        *(Chosen("gemeente", code, known.name if known else code) for code, known in municipalities),
        *(Chosen("plek", name, name) for name in form.plek),
    ]
