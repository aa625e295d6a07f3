"""What a line makes of the request that it is about: only what is different. Touches nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from app.domain.language import same
from app.dossiers.deliveries.columns import CELLS
from app.dossiers.deliveries.errors import gap, incomplete_measure, missing
from app.dossiers.deliveries.schemas import WaitingChildIn
from app.dossiers.requests.creation import NewRequest
from app.dossiers.requests.entry_schemas import ExplanationIn, Milestone
from app.dossiers.requests.schemas import RequestIn
from app.dossiers.requests.tables import ExplanationRow, RequestRow
from app.dossiers.requests.views import MILESTONES
from app.kit.errors import InputError, InvalidInputError
from app.kit.files.lines import LinePosition
from app.kit.files.tables import renamed
from app.reference.lists import reference

HELP: Final = "help"
"""The clock that causes of waiting explain."""
_OF_CHILD: Final = {
    "birth_month": ("birth_month", "birthMonth"),
    "gender": ("gender", "gender"),
    "municipality": ("municipality_code", "municipality"),
    "postcode": ("postcode", "postcode"),
    "court_authorisation": ("court_authorisation", "courtAuthorisation"),
    "court_authorisation_until": ("court_authorisation_until", "courtAuthorisationUntil"),
}
_OF_REQUEST: Final = {
    "care_worker": ("care_worker", "careWorker"),
    "team": ("team", "team"),
    "sibling_group": ("sibling_group", "siblingGroup"),
    "needs": ("needs", "needs"),
    "wishes": ("wishes", "wishes"),
    "characteristics": ("characteristics", "characteristics"),
    "needed_by": ("needed_by", "neededBy"),
    "requested_on": ("requested_on", "requestedOn"),
}
"""The fields of a line that are one column of a request each: that column, and the field of a PATCH."""
_MILESTONES: Final[dict[str, Milestone]] = {
    "protection_worker_on": "protection-worker",
    "course_on": "course",
    "help_on": HELP,
}
_MEASURE: Final = {
    "measure_type": "type",
    "measure_imposed_on": "imposedOn",
    "measure_informed_on": "informedOn",
    "measure_started_on": "startedOn",
}
_CHOICES: Final = ("choice1", "choice2", "choice3")
_NEEDED: Final = {
    "birth_month": "birthMonth",
    "gender": "gender",
    "municipality": "municipality",
    "choice1": "choice1",
}
_FIELDS: Final = {
    "#/requestedOn": "requestedOn",
    "#/team": "team",
    "#/closedOn": "closedOn",
    "#/closedReason": "closedReason",
    "#/child/birthMonth": "birthMonth",
    "#/child/measure/imposedOn": "measureImposedOn",
    "#/child/measure/informedOn": "measureInformedOn",
    "#/child/measure/startedOn": "measureStartedOn",
    "#/child/courtAuthorisationUntil": "courtAuthorisationUntil",
    "#/milestones/protection-worker": "protectionWorkerOn",
    "#/milestones/course": "courseOn",
    "#/milestones/help": "helpOn",
    "#/milestones/bridging": "bridging",
}
"""The field of a line by where it stands in a request."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become different of a request: the body of a PATCH, and milestones (None: it did not happen)."""

    patch: Mapping[str, Any] = field(default_factory=dict)
    milestones: Mapping[Milestone, date | None] = field(default_factory=dict)

    @property
    def is_anything(self) -> bool:
        """Whether anything is to become different."""
        return bool(self.patch or self.milestones)

    @property
    def closes(self) -> bool:
        """Whether it closes the request."""
        return "status" in self.patch


_WORDS: Final = {**{field: field for field in CELLS}, "imposedOn": "measureImposedOn"}
"""The field of a line by what the errors of a request call it."""


def at_line(position: LinePosition, error: InvalidInputError) -> InvalidInputError:
    """An error of a request, as one of the line that it came of."""
    pointers = (position.pointer(_FIELDS.get(each.pointer)) for each in error.errors)
    placed = (replace(each, pointer=at) for each, at in zip(error.errors, pointers, strict=True))
    return in_its_words(position, InvalidInputError(*placed))


def in_its_words(position: LinePosition, error: InvalidInputError) -> InvalidInputError:
    """An error of a line, of which the texts call the fields what the file calls them."""
    return renamed(error, {word: same(position.names.get(field, field)) for word, field in _WORDS.items()})


def wanted(position: LinePosition, child: WaitingChildIn, row: RequestRow, reference_day: date) -> Wanted:
    """What a line makes different of the request that there is; `InvalidInputError` where it contradicts itself."""
    patch = _differing(_OF_REQUEST, child, row) | _choices(position, child, row) | _closing(child, row, reference_day)
    of_child = _differing(_OF_CHILD, child, row) | _measure(position, child, row)
    if of_child:
        patch["child"] = of_child
    return Wanted(patch, _milestones(child, row, reference_day))


def _differing(fields: Mapping[str, tuple[str, str]], child: WaitingChildIn, row: RequestRow) -> dict[str, Any]:
    """Those of the fields that a line names and that are otherwise; the order in a list of codes says nothing."""
    given = {name: getattr(child, name) for name in fields if name in child.model_fields_set}
    return {
        fields[name][1]: value
        for name, value in given.items()
        if _in_any_order(value) != _in_any_order(getattr(row, fields[name][0]))
    }


def _in_any_order(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _measure(position: LinePosition, child: WaitingChildIn, row: RequestRow) -> dict[str, Any]:
    """The measure as it is to be, where a line names any of it and that is otherwise."""
    named = {column: getattr(child, column) for column in _MEASURE if column in child.model_fields_set}
    after = {column: named.get(column, getattr(row, column)) for column in _MEASURE}
    if all(getattr(row, column) == value for column, value in named.items()):
        return {}
    stated = [after["measure_type"], after["measure_imposed_on"]]
    if stated == [None, None] and not any(named.values()):
        return {"measure": None}
    if None in stated:
        lacking = "measureType" if stated[0] is None else "measureImposedOn"
        raise InvalidInputError(incomplete_measure(position.pointer(lacking)))
    said = {"measure_type": stated[0], "measure_imposed_on": stated[1]} | named
    return {"measure": {_MEASURE[column]: value for column, value in said.items()}}


def _choices(position: LinePosition, child: WaitingChildIn, row: RequestRow) -> dict[str, Any]:
    choices = _merged(position, child, row.choices)
    return {} if choices == row.choices else {"choices": choices}


def _merged(
    position: LinePosition, child: WaitingChildIn, standing: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The choices after a line: those that it names become these care types, the others stay.

    Of A within 40 km, B and C a line that says choice 1: A, choice 2: D leaves A within 40 km, D and C.
    """
    codes = [
        getattr(child, name)
        if name in child.model_fields_set
        else (standing[index]["careType"] if index < len(standing) else None)
        for index, name in enumerate(_CHOICES)
    ]
    while codes and codes[-1] is None:
        codes.pop()
    if None in codes:
        raise InvalidInputError(gap(position.pointer(_CHOICES[codes.index(None)])))
    return [
        dict(standing[index])
        if index < len(standing) and standing[index]["careType"] == code
        else {"careType": code, "offerId": None, "providerId": None, "maxDistanceKm": None}
        for index, code in enumerate(codes)
    ]


def _closing(child: WaitingChildIn, row: RequestRow, reference_day: date) -> dict[str, Any]:
    """What closes the request, where a line does and it is not closed so."""
    reason, day = child.closed_reason, child.closed_on
    if reason is None or (reason == row.closed_reason and day in {None, row.closed_on}):
        return {}
    asked = child.requested_on or row.requested_on
    return {
        "status": "closed",
        "closedReason": reason,
        "closedOn": day or row.closed_on or max(reference_day, asked),
    }


def _milestones(child: WaitingChildIn, row: RequestRow, reference_day: date) -> dict[Milestone, date | None]:
    """The milestones that a line names and that are otherwise.

    Help from before it was needed again is what the reopening knows already.
    """
    said = {name: getattr(child, each) for each, name in _MILESTONES.items() if each in child.model_fields_set}
    since = row.needed_again_on
    if since is not None and said.get(HELP) is not None and said[HELP] < since:
        del said[HELP]
    if not child.model_fields_set.isdisjoint({"bridging", "bridged_on"}):
        said["bridging"] = _bridged_since(child, row.bridging_said_on, reference_day)
    return {name: day for name, day in said.items() if getattr(row, MILESTONES[name]) != day}


def _bridged_since(child: WaitingChildIn, before: date | None, reference_day: date) -> date | None:
    """Since when something bridges the wait, as far as was said: a yes without a day holds from the day that it is
    said of, or since when it was said `before`."""
    return child.bridged_on or ((before or reference_day) if child.bridging else None)


def new_request(position: LinePosition, child: WaitingChildIn, reference_day: date) -> NewRequest:
    """The request that a line makes of a child that there is none of; `InvalidInputError` where it lacks something."""
    errors = list(_lacking(position, child))
    if errors:
        raise InvalidInputError(*errors)
    named = {name: getattr(child, name) for name in child.model_fields_set}
    of_child = {key: named[name] for name, (_, key) in _OF_CHILD.items() if named.get(name) is not None}
    measure = {key: named[column] for column, key in _MEASURE.items() if named.get(column) is not None}
    body = {key: named[name] for name, (_, key) in _OF_REQUEST.items() if named.get(name) is not None}
    body |= {"childReference": child.child_reference, "choices": _merged(position, child, [])}
    body |= {"child": of_child | ({"measure": measure} if measure else {})}
    milestones = {name: named[each] for each, name in _MILESTONES.items() if named.get(each) is not None}
    bridged = _bridged_since(child, None, reference_day)
    if bridged is not None:
        milestones["bridging"] = bridged
    asked = child.requested_on or reference_day
    body["requestedOn"] = asked
    closed_on = None if child.closed_reason is None else child.closed_on or max(reference_day, asked)
    return NewRequest(RequestIn.model_validate(body), milestones, child.closed_reason, closed_on)


def _lacking(position: LinePosition, child: WaitingChildIn) -> Iterator[InputError]:
    for name, key in _NEEDED.items():
        if getattr(child, name) is None:
            yield missing(position.pointer(key))
    has_type, has_day = child.measure_type is not None, child.measure_imposed_on is not None
    if has_type != has_day or (not has_type and (child.measure_informed_on or child.measure_started_on)):
        yield incomplete_measure(position.pointer("measureImposedOn" if has_type else "measureType"))


def unsaid(child: WaitingChildIn, last: Sequence[ExplanationRow]) -> list[ExplanationIn]:
    """The explanations of the clock of help that a line adds; none where those before, oldest first, end with the same.

    What was said at one time stands together: of A and B at once, a line that says B alone says something new.
    """
    if child.causes is None:
        return []
    names = reference().waiting_causes
    said = [(cause, child.explanation or names[cause].name.nl) for cause in child.causes]
    tail = list(last[-len(said) :])
    if tail:
        tail = [each for each in last[: -len(said)] if each.at == tail[0].at] + tail
    if sorted((each.cause, each.text) for each in tail) == sorted(said):
        return []
    return [ExplanationIn.model_construct(clock=HELP, cause=cause, text=text) for cause, text in said]
