"""What the clocks of a child count from and the institution's own references, changed; what is asked for it changes
where it is ranked (`/passend`)."""

from datetime import date
from typing import Any, Final

from app.dossiers.requests.schemas import RequestPatch
from app.reference.lists import reference
from app.web.children.course_actions import change_request
from app.web.children.form import Action, Field, Form, no_such, own
from app.web.children.service import Dossier

_OWN: Final = ("team", "careWorker", "siblingGroup")


def _open(dossier: Dossier) -> Dossier:
    if own(dossier).request.closed_on is not None:
        raise no_such()
    return dossier


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _references_form(dossier: Dossier, _: str) -> Form:
    request = _open(dossier).request
    teams = [("", "Geen"), *dossier.own_teams]
    return Form(
        "Eigen kenmerken wijzigen",
        "Leg de kenmerken vast",
        [
            Field("team", "Eigen team", "choice", teams, required=False, value=request.team or ""),
            Field("careWorker", "Kenmerk van de medewerker", required=False, value=request.care_worker or ""),
            Field("siblingGroup", "Kenmerk van het gezin", required=False, value=request.sibling_group or "",
                  hint="Hetzelfde bij broers en zussen die samen een plek zoeken."),
        ],
        dossier.version,
    )  # fmt: skip


def _references(sent: dict[str, Any], _: str) -> dict[str, Any]:
    """What was left empty is taken out: the form began with what there was."""
    return {name: sent.get(name) for name in _OWN}


def _measure_form(dossier: Dossier, _: str) -> Form:
    measure, under = _open(dossier).request.child.measure, "/child/measure"
    kinds = [("", "Geen maatregel"), *((code, each.name.nl) for code, each in reference().measures.items())]
    return Form(
        "Maatregel",
        "Leg de maatregel vast",
        [
            Field("type", "Maatregel", "choice", kinds, required=False, value=measure.type if measure else "",
                  at=f"{under}/type"),
            Field("imposedOn", "Uitgesproken op", "day", required=False,
                  value=_day(measure.imposed_on if measure else None), at=f"{under}/imposedOn"),
            Field("informedOn", "Bij u bekend op", "day", required=False,
                  value=_day(measure.informed_on if measure else None), at=f"{under}/informedOn",
                  hint="De termijn voor een vaste jeugdbeschermer begint op deze dag."),
            Field("startedOn", "Uitvoering begonnen op", "day", required=False,
                  value=_day(measure.started_on if measure else None), at=f"{under}/startedOn"),
        ],
        dossier.version,
    )  # fmt: skip


def _measure(sent: dict[str, Any], _: str) -> dict[str, Any]:
    return {"child": {"measure": sent if "type" in sent else None}}


def _authorisation_form(dossier: Dossier, _: str) -> Form:
    child = _open(dossier).request.child
    known = "ja" if child.court_authorisation else "nee"
    return Form(
        "Machtiging gesloten jeugdhulp",
        "Leg de machtiging vast",
        [
            Field("courtAuthorisation", "Machtiging van de rechter", "radio", [("ja", "Ja"), ("nee", "Nee")],
                  value=known, at="/child/courtAuthorisation"),
            Field("courtAuthorisationUntil", "Tot en met", "day", required=False,
                  value=_day(child.court_authorisation_until), at="/child/courtAuthorisationUntil"),
        ],
        dossier.version,
    )  # fmt: skip


def _authorisation(sent: dict[str, Any], _: str) -> dict[str, Any]:
    is_there = sent.get("courtAuthorisation") == "ja"
    until = {"courtAuthorisationUntil": sent.get("courtAuthorisationUntil")} if is_there else {}
    return {"child": {"courtAuthorisation": is_there, **until}}


DATA_ACTIONS: Final[dict[str, Action[Any]]] = {
    "eigen-kenmerken": Action(
        _references_form, RequestPatch, change_request, "De eigen kenmerken zijn vastgelegd.", _references
    ),
    "maatregel": Action(_measure_form, RequestPatch, change_request, "De maatregel is vastgelegd.", _measure),
    "machtiging": Action(
        _authorisation_form, RequestPatch, change_request, "De machtiging is vastgelegd.", _authorisation
    ),
}
"""By the last part of their paths."""
