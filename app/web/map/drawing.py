"""The map of a list of offers: of the whole country, of regions, or of municipalities, as the template draws it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.domain.geo import Point
from app.domain.language import decimal_in_words, listed, same
from app.reference.lists import reference
from app.web.map.clusters import Cluster, Placed, clusters_of
from app.web.map.outlines import ATTRIBUTION as BORDERS
from app.web.map.outlines import Outline, outlines
from app.web.map.projection import spot
from app.web.map.tiles import ATTRIBUTION as BACKGROUND
from app.web.map.tiles import Tile, tiles_of
from app.web.map.views import View, view_of

Level = Literal["country", "regions", "municipalities"]
"""What is drawn; offers are counted under regions, under municipalities, and under locations."""

_NAMED: Final = 2
_AREAS: Final[dict[Level, str]] = {"country": "jeugdregio's", "regions": "gemeenten", "municipalities": "locaties"}


@dataclass(frozen=True, slots=True)
class MapOffer:
    """An offer of the list, or `count` of one municipality together: where, and their free places; None where not told.

    `municipality` is None for help that has no place; `point` is None where no more than the municipality is known.
    """

    municipality: str | None
    point: Point | None
    location: str
    free: float | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Area:
    """What a map is of: the country, or these regions or municipalities."""

    level: Level = "country"
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A link on the map: what it is known by, says to who cannot see it, and shows, and where it leads."""

    cluster: Cluster
    id: str
    name: str
    text: str
    href: str

    @property
    def has_room(self) -> bool:
        """Whether a place is known to be free."""
        return bool(self.cluster.free)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map, as the template draws it."""

    title: str
    view: View
    background: Sequence[Outline]
    foreground: Sequence[Outline]
    tiles: Sequence[Tile]
    marks: Sequence[Mark]
    without_place: int

    @property
    def attribution(self) -> str:
        """Whose the borders are, and the background where there is one."""
        return f"{BORDERS}; {BACKGROUND}" if self.tiles else BORDERS

    @property
    def tells_free(self) -> bool:
        """Whether the marks show free places; else they show offers."""
        return any(each.cluster.free is not None for each in self.marks)


def drawn_map(
    offers: Iterable[MapOffer], area: Area, href: Callable[[Cluster], str], *, over_pdok: bool = False
) -> Drawing:
    """The map of offers: those outside `area`'s view are drawn at its edge, those without a place are counted only.

    `href` says where a cluster leads, which stands for `areas`: codes of regions, of municipalities, or the names of
    locations. `over_pdok` draws it over PDOK's background (setting PDOK_BACKGROUND). KeyError for a code that no
    region or municipality has.
    """
    kept = list(offers)
    foreground, view = _foreground(area)
    on_map = [each for each in kept if each.municipality is not None]
    clusters = clusters_of(_placed(each, each.municipality, area.level, view) for each in on_map if each.municipality)
    return Drawing(
        title=_title(area),
        view=view,
        background=[] if area.level == "country" else _around(area, view),
        foreground=foreground,
        tiles=list(tiles_of(view)) if over_pdok else [],
        marks=list(_marks(clusters, area.level, href)),
        without_place=sum(each.count for each in kept if each.municipality is None),
    )


def _foreground(area: Area) -> tuple[Sequence[Outline], View]:
    drawn = outlines()
    if area.level == "country":
        shapes = list(drawn.regions.values())
    elif area.level == "regions":
        codes = [code for region in area.codes for code in reference().municipalities_of(region)]
        shapes = [drawn.municipalities[code] for code in codes]
    else:
        shapes = [drawn.municipalities[code] for code in area.codes]
    return shapes, view_of(each.box for each in shapes)


def _around(area: Area, view: View) -> list[Outline]:
    """What lies around, of which some is in view: other regions, or other municipalities."""
    drawn = outlines().regions if area.level == "regions" else outlines().municipalities
    return [each for each in drawn.values() if each.code not in area.codes and each.box.meets(view.box)]


def _placed(offer: MapOffer, municipality: str, level: Level, view: View) -> Placed:
    """Under a region or municipality an offer is at its middle, so that a mark stays where it is as others come."""
    if level == "municipalities":
        where = spot(offer.point) if offer.point else outlines().municipalities[municipality].middle
        return Placed(offer.location, view.pixel(where), offer.free, offer.count)
    code = municipality if level == "regions" else reference().municipalities[municipality].region
    drawn = outlines().municipalities if level == "regions" else outlines().regions
    return Placed(code, view.pixel(drawn[code].middle), offer.free, offer.count)


def _marks(clusters: Sequence[Cluster], level: Level, href: Callable[[Cluster], str]) -> Iterator[Mark]:
    """A mark shows the free places; where these are told of no offer at all, the number of offers."""
    tells_free = any(each.free is not None for each in clusters)
    for each in clusters:
        place = each.areas[0] if level != "municipalities" else f"{each.pixel.x:.0f}-{each.pixel.y:.0f}"
        text = "?" if each.free is None else decimal_in_words(each.free).nl
        name = f"{_names(each, level)}: {_numbers(each)}"
        yield Mark(each, f"map-{place}", name, text if tells_free else str(each.count), href(each))


def _numbers(cluster: Cluster) -> str:
    offers = "1 aanbieding" if cluster.count == 1 else f"{cluster.count} aanbiedingen"
    if cluster.free is None:
        return offers
    free = decimal_in_words(cluster.free).nl
    return f"{free} {'plek' if cluster.free == 1 else 'plekken'} vrij bij {offers}"


def _names(cluster: Cluster, level: Level) -> str:
    """What a cluster stands for, in words."""
    names = list(cluster.areas) if level == "municipalities" else [_name(code) for code in cluster.areas]
    return _shortened(names, _AREAS[level])


def _shortened(names: Sequence[str], of: str) -> str:
    """Two names, of more the first and how many others: "Alkmaar en 3 andere gemeenten"."""
    kept = names if len(names) <= _NAMED else [names[0], f"{len(names) - 1} andere {of}"]
    return listed([same(each) for each in kept]).nl


def _name(code: str) -> str:
    """The name of a region or municipality."""
    lists = reference()
    return (lists.regions.get(code) or lists.municipalities[code]).name


def _title(area: Area) -> str:
    if area.level == "country":
        return "Kaart van Nederland"
    names = [_name(code) for code in area.codes]
    return f"Kaart van {_shortened(names, _AREAS['country' if area.level == 'regions' else 'regions'])}"
