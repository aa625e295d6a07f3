"""A child in a list: how its next deadline stands, and what is to be done next."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.dossiers.requests.schemas import ClockOut, RequestOut
from app.web.children import words
from app.web.shell.words import short_day


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to do next: what a button says, and where it leads."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A child in a list; `fitting` is where its ranked list is, where help is sought and `todo` leads elsewhere."""

    id: str
    name: str
    about: str
    status: tuple[str, str]
    light: str
    sign: str
    light_word: str
    deadline: str
    left: str
    todo: Todo
    fitting: str | None


_OF_CLOCKS: Final = {
    "protection-worker": ("Leg jeugdbeschermer vast", "mijlpaal/protection-worker"),
    "course": ("Leg koers vast", "mijlpaal/course"),
    "local-team": ("Schaal op", "opschalen"),
    "expert-team": ("Schaal op", "opschalen"),
    "next-place": ("Leg vervolgplek vast", "mijlpaal/next-place"),
    "court-authorisation": ("Leg machtiging vast", "machtiging"),
}
_LOOKS: Final = "Bekijk dossier"


def path_of(request: RequestOut, what: str = "") -> str:
    """Where the dossier of a request is, or something in it."""
    return f"/jeugdigen/{request.id}/{what}" if what else f"/jeugdigen/{request.id}"


def fitting_path(request: RequestOut) -> str:
    """Where the ranked list of a known child is."""
    return f"/passend?jeugdige={request.id}"


def name_of(request: RequestOut) -> str:
    """What pages call a child: by the reference of its own institution; of another's, by whose it is."""
    return request.child_reference or f"Gedeeld door {request.organisation or 'een andere organisatie'}"


def running(request: RequestOut) -> list[ClockOut]:
    """The clocks that run, the next deadline first."""
    if request.closed_on is not None:
        return []
    return sorted((each for each in request.clocks if each.done_on is None), key=lambda each: each.due_on)


def todo_of(request: RequestOut, clock: ClockOut | None) -> Todo:
    """What is to be done next about a clock; of another's request no more than the caller may."""
    look = Todo(_LOOKS, path_of(request))
    if clock is None:
        return look
    if request.shared is not None:
        can_escalate = request.shared == "escalate" and clock.clock in {"local-team", "expert-team"}
        return Todo("Schaal op", path_of(request, "opschalen")) if can_escalate else look
    if clock.clock in {"help", "secure-stay"} and request.status == "open":
        return Todo("Zoek passende hulp", fitting_path(request))
    if clock.clock == "help":
        return Todo("Leg start vast", f"{path_of(request)}#aanmeldingen")
    if clock.clock not in _OF_CLOCKS:
        return look
    label, what = _OF_CLOCKS[clock.clock]
    return Todo(label, path_of(request, what))


def about(request: RequestOut, today: date) -> str:
    """What tells a child from others in a line: age, municipality and first choice."""
    child = request.child
    first = words.care_type(request.choices[0].care_type)
    return " · ".join([words.age(child.birth_month, today), words.municipality(child.municipality), first])


def row_of(request: RequestOut, today: date) -> Row:
    """A request as a row."""
    clocks = running(request)
    clock = clocks[0] if clocks else None
    light = clock.light if clock else "none"
    todo = todo_of(request, clock)
    seeks = request.status == "open" and request.shared is None and todo.href != fitting_path(request)
    sign, word = words.LIGHTS[clock.light] if clock else ("–", "geen termijn")  # noqa: RUF001 - a dash, as in tables
    return Row(
        id=str(request.id),
        name=name_of(request),
        about=about(request, today),
        status=words.STATUSES[request.status],
        light=light,
        sign=sign,
        light_word=word,
        deadline=f"{words.CLOCKS[clock.clock]}, uiterlijk {short_day(clock.due_on)}" if clock else "",
        left=words.days_left(clock.days_left) if clock else "",
        todo=todo,
        fitting=fitting_path(request) if seeks else None,
    )
