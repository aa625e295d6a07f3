"""The form of the page: its fields as they are sent, and as a request that is kept would fill them in."""

from collections.abc import Iterator
from typing import Annotated, Final, NamedTuple

from pydantic import ConfigDict, Field

from app.dossiers.requests.schemas import RequestOut
from app.finding.matching.schemas import Choice
from app.kit.schemas import Schema
from app.reference.lists import reference

MOST_CHOICES: Final = 3
ONE_OFFER: Final = "aanbod:"
ONE_PROVIDER: Final = "aanbieder:"
"""What a wish begins with: for that offer, or for any of that provider."""

_Text = Annotated[str, Field(max_length=200)]
_Texts = Annotated[list[_Text], Field(max_length=50)]
_OnLines = Annotated[list[_Text], Field(max_length=MOST_CHOICES)]


class Line(NamedTuple):
    """A choice as it stands in the form.

    `wishes_of` is the question (`wishes.key_of`) that the list of wishes in the browser answers.
    """

    number: int
    care_type: str
    distance: str
    wish: str
    wishes_of: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked here."""
        return not (self.care_type or self.distance or self.wish)


class FittingForm(Schema):
    """The fields by their names in the page; what else is sent is left alone."""

    model_config = ConfigDict(extra="ignore")

    geboortemaand: _Text = ""
    geslacht: _Text = ""
    gemeente: _Text = ""
    postcode: _Text = ""
    maatregel: _Text = ""
    uitgesproken: _Text = ""
    machtiging: _Text = ""
    zorgvorm: _OnLines = Field(default=[])
    afstand: _OnLines = Field(default=[])
    wens: _OnLines = Field(default=[])
    wensvan: _OnLines = Field(default=[])
    nodig: _Texts = Field(default=[])
    gewenst: _Texts = Field(default=[])
    kenmerken: _Texts = Field(default=[])
    plekken: _Text = ""
    uiterlijk: _Text = ""
    volgorde: _Text = ""
    wachttijd: _Text = ""
    vergelijk: _Texts = Field(default=[])
    kenmerk: _Text = ""
    team: _Text = ""
    versie: _Text = ""
    rangschikking: _Text = ""

    @property
    def lines(self) -> list[Line]:
        """The three choices; a wish that was chosen from the list of another care type is none any more."""
        columns = (self.zorgvorm, self.afstand, self.wens, self.wensvan)
        filled = zip(*([*each, *[""] * MOST_CHOICES][:MOST_CHOICES] for each in columns), strict=True)
        return [
            Line(number, care_type, distance, wish if of.startswith(f"{care_type}/") else "", of)
            for number, (care_type, distance, wish, of) in enumerate(filled, start=1)
        ]

    def fields(self) -> Iterator[tuple[str, str]]:
        """Every field that is filled in with its name, for a form that takes all of them along."""
        for name, value in self.model_dump(exclude={"vergelijk", "rangschikking"}).items():
            for each in value if isinstance(value, list) else [value] * bool(value):
                yield name, each


def form_of(request: RequestOut) -> FittingForm:
    """The form as a request would fill it in."""
    child, choices = request.child, request.choices
    known = reference().municipalities.get(child.municipality)
    year, month = child.birth_month.split("-")
    return FittingForm(
        geboortemaand=f"{int(month)}-{year}",
        geslacht=child.gender,
        gemeente=known.name if known else child.municipality,
        postcode=child.postcode or "",
        maatregel=child.measure.type if child.measure else "",
        uitgesproken=child.measure.imposed_on.isoformat() if child.measure else "",
        machtiging="ja" if child.court_authorisation else "",
        zorgvorm=[each.care_type for each in choices],
        afstand=[
            "" if each.max_distance_km is None else f"{each.max_distance_km:g}".replace(".", ",") for each in choices
        ],
        wens=[_wish(each) for each in choices],
        wensvan=[f"{each.care_type}/" for each in choices],
        nodig=request.needs,
        gewenst=request.wishes,
        kenmerken=request.characteristics,
        plekken="" if request.places == 1 else str(request.places),
        uiterlijk=request.needed_by.isoformat() if request.needed_by else "",
    )


def _distance(choice: Choice) -> str:
    return "" if choice.max_distance_km is None else f"{choice.max_distance_km:g}".replace(".", ",")


def _wish(choice: Choice) -> str:
    if choice.offer_id is not None:
        return f"{ONE_OFFER}{choice.offer_id}"
    return f"{ONE_PROVIDER}{choice.provider_id}" if choice.provider_id is not None else ""
