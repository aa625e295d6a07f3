"""What is asked on the page of free places: its form, and the question for the service that it comes to."""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from pydantic import ConfigDict, Field

from app.finding.search.schemas import AvailabilityFilter, AvailabilityQuery
from app.kit.schemas import Schema
from app.reference.lists import reference
from app.web.shell.forms import Errors, read_form
from app.web.shell.places import Place, find_place, suggestions

_OUTSIDE: Final = "{} ligt niet in wat op de kaart gekozen is. Maak die keuze ongedaan, of kies een plaats daarbinnen."
_UNKNOWN: Final = "{} kennen we niet als jeugdregio of gemeente."
DISTANCES: Final = (5, 10, 25, 50, 100)
WAITING: Final = {
    "": ("Alles", []),
    "vrij": ("Nu vrij", ["free"]),
    "binnenkort": ("Vrij of binnen 4 weken", ["free", "soon"]),
    "open": ("Alles behalve gesloten", ["free", "soon", "waiting", "unknown"]),
}


_Area = Annotated[str, Field(max_length=10)]


class FreePlacesForm(Schema):
    """The fields of the form, by their names in the address; whatever else an address has is left alone.

    `regio`, `gemeente` and `plek` are what was chosen on the map: codes of regions and of municipalities, and names of
    locations.
    """

    model_config = ConfigDict(extra="ignore")

    zorgvorm: str = Field(default="", max_length=100)
    waar: str = Field(default="", max_length=100)
    binnen: str = Field(default="", max_length=10)
    status: str = Field(default="", max_length=20)
    contract: str = Field(default="", max_length=5)
    na: str = Field(default="", max_length=1000)
    regio: list[_Area] = Field(default=[], max_length=50)
    gemeente: list[_Area] = Field(default=[], max_length=400)
    plek: list[Annotated[str, Field(max_length=500)]] = Field(default=[], max_length=400)

    def address(self, path: str, **other: str | list[str]) -> str:
        """The address of this question at a path, with some fields otherwise and without what is empty."""
        given = {name: value for name, value in {**self.model_dump(), **other}.items() if value}
        return f"{path}?{urlencode(given, doseq=True)}" if given else path

    @property
    def is_narrowed(self) -> bool:
        """Whether something was chosen on the map."""
        return bool(self.regio or self.gemeente or self.plek)

    def without_choice(self, path: str) -> str:
        """The address of the same question of all of the map."""
        return self.address(path, regio=[], gemeente=[], plek=[], na="")


@dataclass(frozen=True, slots=True)
class Question:
    """What the form comes to: the question, None where a field is wrong; where that is; and the place that is meant."""

    query: AvailabilityQuery | None
    errors: Errors
    place: Place | None
    suggested: list[str]


def read(form: FreePlacesForm) -> Question:
    """The question that the form asks. A place without a distance asks what is given in that municipality."""
    place = find_place(form.waar) if form.waar.strip() else None
    if unknown := _unknown(form):
        return Question(None, {"kaart": _UNKNOWN.format(", ".join(unknown))}, place, [])
    query, errors = read_form(AvailabilityQuery, _values(form, place))
    if form.waar.strip() and place is None:
        return Question(None, errors, None, suggestions(form.waar))
    if place is not None and not form.binnen and _is_outside(place, form):
        return Question(None, {"waar": _OUTSIDE.format(place.name)}, place, [])
    return Question(query, errors, place, [])


def _values(form: FreePlacesForm, place: Place | None) -> dict[str, Any]:
    """The fields of the form by their names in the API."""
    values: dict[str, Any] = {
        "careType": [form.zorgvorm] if form.zorgvorm else [],
        "region": form.regio,
        "municipality": form.gemeente,
    }
    if form.status in WAITING:
        values["status"] = WAITING[form.status][1]
    if place is not None and form.binnen:
        values |= {"postcode": place.pc4, "radiusKm": form.binnen}
    elif place is not None:
        values |= {"municipality": [place.municipality], "postcode": place.pc4}
    if place is not None and form.contract:
        values["contractedFor"] = place.municipality
    if form.na:
        values["cursor"] = form.na
    return values


def _unknown(form: FreePlacesForm) -> list[str]:
    """The codes of areas that there are not, such as those of a link from before municipalities merged."""
    lists = reference()
    regions = [each for each in form.regio if each not in lists.regions]
    return regions + [each for each in form.gemeente if each not in lists.municipalities]


def _is_outside(place: Place, form: FreePlacesForm) -> bool:
    """Whether a place is in none of the areas that were chosen on the map."""
    region = reference().municipalities[place.municipality].region
    beside = form.gemeente and place.municipality not in form.gemeente
    return bool(beside) or bool(form.regio and region not in form.regio)


def filter_of(query: AvailabilityQuery) -> AvailabilityFilter:
    """The filters of a question alone, without its page and order."""
    return AvailabilityFilter.model_construct(
        **{name: getattr(query, name) for name in AvailabilityFilter.model_fields}
    )
