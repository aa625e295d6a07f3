"""What the form asks of the ranking, through the schemas of the API, and what of it is missing or wrong at which field.

What people write in their own way is read here: "5-2014" or "mei 2014", a municipality by its name, "12,5" km.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.finding.matching.schemas import MatchRequest
from app.web.fitting.form import ONE_OFFER, ONE_PROVIDER, FittingForm, Line
from app.web.shell.forms import Errors, read_form
from app.web.shell.places import Place, find_place, suggestions

LABELS: Final = {
    "geboortemaand": "Geboortemaand",
    "geslacht": "Geslacht",
    "gemeente": "Gemeente",
    "postcode": "Postcode",
    "maatregel": "Maatregel",
    "uitgesproken": "Uitgesproken op",
    "machtiging": "Machtiging gesloten jeugdhulp",
    **{f"zorgvorm-{each}": f"Zorgvorm van keuze {each}" for each in (1, 2, 3)},
    **{f"afstand-{each}": f"Afstand van keuze {each}" for each in (1, 2, 3)},
    **{f"wens-{each}": f"Voorkeur van keuze {each}" for each in (1, 2, 3)},
    "nodig": "Moet kunnen",
    "gewenst": "Liefst ook",
    "kenmerken": "Bijzonderheden",
    "plekken": "Plekken",
    "uiterlijk": "Hulp nodig op",
    "volgorde": "Volgorde",
    "wachttijd": "Wachttijd",
    "kenmerk": "Eigen kenmerk",
    "team": "Team",
}
"""What each field is called where it is not beside its label."""

_FIELDS: Final = {
    "/child/birthMonth": "geboortemaand",
    "/child/gender": "geslacht",
    "/child/municipality": "gemeente",
    "/child/postcode": "postcode",
    "/child/measure/type": "maatregel",
    "/child/measure/imposedOn": "uitgesproken",
    "/child/measure": "maatregel",
    "/child/courtAuthorisation": "machtiging",
    "/needs": "nodig",
    "/wishes": "gewenst",
    "/characteristics": "kenmerken",
    "/places": "plekken",
    "/neededBy": "uiterlijk",
    "/policy": "volgorde",
    "/waitSource": "wachttijd",
    "/childReference": "kenmerk",
    "/team": "team",
}
_OF_CHOICE: Final = {"careType": "zorgvorm", "maxDistanceKm": "afstand", "offerId": "wens", "providerId": "wens"}
_MONTHS: Final = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_NO_MONTH: Final = "Schrijf maand en jaar, zoals 5-2014."
_MEASURE_NEEDED: Final = "Kies de maatregel die op deze dag is uitgesproken."


@dataclass(frozen=True, slots=True)
class Question:
    """What the form comes to.

    `body` is None where something is missing or wrong: `errors` has what is wrong by the name of its field, `missing`
    the names of the fields that have yet to be filled in. `values` is all that was given, by the names of the API.
    """

    form: FittingForm
    values: Mapping[str, Any]
    body: MatchRequest | None
    errors: Errors = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    place: Place | None = None

    def at_fields(self, errors: Errors) -> Errors:
        """Errors by the fields of the form, of errors by their place in what the API takes."""
        return {_field_of(pointer, asked_lines(self.form)): text for pointer, text in errors.items()}


def patch_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What the API changes of a request that said the one (`Question.values`) and is to say the other."""
    child = _different(before["child"], after["child"], {})
    other = _different(_without_child(before), _without_child(after), _NOTHING)
    return other | ({"child": child} if child else {})


_NOTHING: Final[Mapping[str, Any]] = {"needs": [], "wishes": [], "characteristics": [], "places": 1}
"""What is said of a request where its field is emptied; null of the rest."""


def _without_child(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "child"}


def _different(before: Mapping[str, Any], after: Mapping[str, Any], nothing: Mapping[str, Any]) -> dict[str, Any]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: after.get(name, nothing.get(name)) for name in names}


def asked_lines(form: FittingForm) -> list[Line]:
    """The choices that ask something; the first always does."""
    return [each for each in form.lines if each.number == 1 or not each.is_empty]


def read(form: FittingForm) -> Question:
    """The question that the form asks."""
    place = find_place(form.gemeente) if form.gemeente.strip() else None
    values = _values(form, place)
    body, found = read_form(MatchRequest, values | _filled({"policy": form.volgorde, "waitSource": form.wachttijd}))
    question = Question(form, values, body, place=place)
    errors = question.at_fields(found)
    given = _given(form)
    own = _own_errors(form, place)
    missing = [name for name in errors if name in LABELS and not given.get(name)]
    errors = {name: text for name, text in errors.items() if name not in missing} | own
    return Question(form, values, None if errors else body, errors, missing, place)


def _given(form: FittingForm) -> dict[str, Any]:
    """What is filled in, by the name of the field in errors."""
    given: dict[str, Any] = form.model_dump()
    for line in form.lines:
        for name, value in (("zorgvorm", line.care_type), ("afstand", line.distance), ("wens", line.wish)):
            given[f"{name}-{line.number}"] = value
    return given


def _own_errors(form: FittingForm, place: Place | None) -> Errors:
    """What is wrong with what only people write: the API takes a code."""
    errors: Errors = {}
    if form.geboortemaand.strip() and _month(form.geboortemaand) is None:
        errors["geboortemaand"] = _NO_MONTH
    if form.uitgesproken and not form.maatregel:
        errors["maatregel"] = _MEASURE_NEEDED
    if form.gemeente.strip() and place is None:
        likely = ", ".join(suggestions(form.gemeente))
        errors["gemeente"] = (
            f"Welke bedoelt u: {likely}?" if likely else f"“{form.gemeente}” kennen we niet; kies een gemeente."
        )
    return errors


def _values(form: FittingForm, place: Place | None) -> dict[str, Any]:
    """What is filled in, by its name in the API."""
    postcode = form.postcode.strip() or (place.pc4 if place is not None and form.gemeente.strip()[:4].isdigit() else "")
    child: dict[str, Any] = {
        "birthMonth": _month(form.geboortemaand),
        "gender": form.geslacht,
        "municipality": place.municipality if place else None,
        "postcode": postcode,
        "measure": _filled({"type": form.maatregel, "imposedOn": form.uitgesproken}),
        "courtAuthorisation": bool(form.machtiging),
    }
    other = {
        "needs": form.nodig,
        "wishes": form.gewenst,
        "characteristics": form.kenmerken,
        "places": _number(form.plekken),
        "neededBy": form.uiterlijk,
    }
    return {"child": _filled(child), "choices": [_choice(each) for each in asked_lines(form)], **_filled(other)}


def _choice(line: Line) -> dict[str, Any]:
    wish = line.wish
    return _filled(
        {
            "careType": line.care_type,
            "maxDistanceKm": _number(line.distance),
            "offerId": wish.removeprefix(ONE_OFFER) if wish.startswith(ONE_OFFER) else None,
            "providerId": wish.removeprefix(ONE_PROVIDER) if wish.startswith(ONE_PROVIDER) else None,
        }
    )


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _number(text: str) -> float | str | None:
    """The number that is written, with a comma or a point; other text as it stands, for the schema to refuse."""
    written = text.strip().removesuffix("km").strip().replace(",", ".")
    if re.fullmatch(r"\d+", written, re.ASCII):
        return int(written)
    return float(written) if re.fullmatch(r"\d+\.\d+", written, re.ASCII) else text.strip() or None


def _month(text: str) -> str | None:
    """A month of a year as it is written here ("5-2014", "mei 2014", "2014-05"), as YYYY-MM; None of anything else."""
    written = text.strip().casefold()
    if found := re.fullmatch(r"(\d{1,2})[-/. ](\d{4})", written, re.ASCII):
        month, year = found.groups()
    elif found := re.fullmatch(r"(\d{4})[-/. ](\d{1,2})", written, re.ASCII):
        year, month = found.groups()
    elif found := re.fullmatch(r"(\w{3})\w*\.? (\d{4})", written):
        name, year = found.groups()
        month = str(_MONTHS.index(name.replace("mrt", "maa")) + 1) if name.replace("mrt", "maa") in _MONTHS else ""
    else:
        return None
    return f"{year}-{int(month):02d}" if month and 1 <= int(month) <= 12 else None


def _field_of(pointer: str, lines: list[Line]) -> str:
    """The field of the form that a JSON pointer of the API is about; "" where it is about none."""
    steps = pointer.split("/")
    if steps[:2] == ["", "choices"] and len(steps) == 4:
        return f"{_OF_CHOICE.get(steps[3], 'zorgvorm')}-{lines[int(steps[2])].number}"
    return next((name for start, name in _FIELDS.items() if f"{pointer}/".startswith(f"{start}/")), "")
