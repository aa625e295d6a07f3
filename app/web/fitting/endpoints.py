"""What fits a child: for one that nobody has kept, and for one that the caller knows."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import Form, Request, Response

from app.domain.language import Text
from app.dossiers.requests import creation
from app.dossiers.requests import service as requests
from app.dossiers.requests.errors import ReferenceTakenError
from app.dossiers.requests.schemas import RequestIn, RequestPatch
from app.finding.availability_events.endpoints import AvailabilityEventParts
from app.finding.availability_events.service import open_stream
from app.finding.catalogue.dependencies import Context
from app.finding.search.schemas import AvailabilityFilter
from app.kit.entity_tags import etag_of
from app.kit.errors import ConflictError, InvalidInputError, NotFoundError, PreconditionFailedError
from app.kit.http.dependencies import database_of
from app.kit.http.parts import parts_of
from app.kit.http.streams import OpenStreams
from app.reference.lists import reference
from app.web.fitting.comparison import FEWEST, MOST, compare
from app.web.fitting.dependencies import Asking, Keeping, Visit
from app.web.fitting.form import FittingForm, form_of
from app.web.fitting.question import LABELS, Question, read
from app.web.fitting.service import Asked
from app.web.fitting.views import GENDERS, POLICIES, WAIT_SOURCES, asked_in_words, shown
from app.web.fitting.wishes import wishes_for
from app.web.live.endpoints import answer_page_stream
from app.web.shell.forms import errors_of, read_form
from app.web.shell.places import municipality_names
from app.web.shell.problems import said_of
from app.web.shell.rendering import go_to, render, wants_part
from app.web.shell.routing import router as make_router
from app.web.shell.teams import teams_of
from app.web.sign_in.dependencies import Matcher

router = make_router()

PATH: Final = "/passend"
_MISSING: Final = "Vul dit nog in."
_STALE: Final = "Iemand heeft deze jeugdige intussen gewijzigd. Open de lijst van de jeugdige opnieuw."
_TICK: Final = f"Vink {FEWEST} tot {MOST} keer aanbod aan om te vergelijken."
_NO_CHILD: Final = Text(nl="Deze hulpvraag", en="This request")
_OF_SAVING: Final = {"kenmerk", "team"}
"""The fields beside the list, which come with it."""

Filled = Annotated[FittingForm, Form()]


@router.get(PATH)
async def show_fitting(request: Request, visit: Asking) -> Response:
    """The empty form; of a known child (`jeugdige`) the form filled in, and its ranking, which is kept."""
    if visit.known is None:
        return await _answer(request, visit, Asked(Question(FittingForm(), {}, None)))
    return await _answer(request, visit, await visit.ask(form_of(visit.known.child)))


@router.post(PATH)
async def find_fitting(request: Request, form: Filled, visit: Asking) -> Response:
    """The ranking for what the form asks, in the body, so that nothing about a child is in an address."""
    return await _answer(request, visit, _told(request, await visit.ask(form)))


@router.post(f"{PATH}/live")
async def follow_fitting(
    request: Request, form: Filled, _: Matcher, streams: OpenStreams, context: Context
) -> Response:
    """The events of what is given of the care types that the form asks; in the body, as the question itself."""
    body = read(form).body
    if body is None:
        raise NotFoundError(Text(nl="Deze lijst", en="This list"))
    publisher = parts_of(request.app, AvailabilityEventParts).publisher
    query = AvailabilityFilter.model_validate({"careType": [each.care_type for each in body.choices]})
    stream = await open_stream(publisher, context.follower, query, None, public=False)
    return answer_page_stream(request, stream, streams, context.now)


@router.post(f"{PATH}/vergelijken")
async def compare_fitting(request: Request, form: Filled, visit: Asking) -> Response:
    """The offers that were ticked, side by side."""
    asked = await visit.ask(form)
    if asked.answer is None:
        return await _answer(request, visit, _told(request, asked))
    if not FEWEST <= len(set(form.vergelijk)) <= MOST:
        return await _answer(request, visit, asked, compare_error=_TICK)
    return render(
        request,
        "fitting/comparison.html",
        comparison=compare(asked.answer, form.vergelijk, form.gewenst, visit.context.today),
        key=_key(visit),
        asked=asked_in_words(form),
        kept=list(form.fields()),
    )


@router.post(f"{PATH}/bewaren")
async def save_child(request: Request, form: Filled, visit: Keeping) -> Response:
    """Keeps what was asked as the request of a child, with the caller's own reference, and goes on with that."""
    asked = await visit.ask(form)
    if asked.answer is None:
        return await _answer(request, visit, _told(request, asked))
    own = {"childReference": form.kenmerk.strip()} | ({"team": form.team} if form.team else {})
    body, errors = read_form(RequestIn, {**asked.question.values, **own})
    if body is not None:
        try:
            async with database_of(request).write() as session:
                made = (await creation.add_request(session, visit.caller, body, visit.context.now)).id
            return go_to(request, f"{PATH}?jeugdige={made}")
        except InvalidInputError as error:
            errors = errors_of(error)
        except ReferenceTakenError as error:
            errors = {"/childReference": said_of(error)}
    question = replace(asked.question, errors=asked.question.at_fields(errors))
    return await _answer(request, visit, replace(asked, question=question))


@router.post(f"{PATH}/bijwerken")
async def update_child(request: Request, form: Filled, visit: Keeping) -> Response:
    """Has the dossier of a known child say what was asked, as long as nobody has changed it since it was read."""
    if visit.known is None:
        raise NotFoundError(_NO_CHILD)
    asked, request_id = await visit.ask(form), visit.known.child.id
    if asked.answer is None:
        return await _answer(request, visit, _told(request, asked))
    if not asked.changes:
        return go_to(request, PATH + _key(visit))
    read_in = etag_of(int(form.versie) if form.versie.isdecimal() else 0, 0)
    body, errors = read_form(RequestPatch, asked.changes)
    notice = None
    if body is not None:
        try:
            async with database_of(request).write() as session:
                await requests.change_request(session, visit.caller, request_id, body, read_in, visit.context.now)
            return go_to(request, PATH + _key(visit))
        except InvalidInputError as error:
            errors = errors_of(error)
        except PreconditionFailedError:
            notice = _STALE
        except ConflictError as error:
            notice = said_of(error)
    question = replace(asked.question, errors=asked.question.at_fields(errors))
    return await _answer(request, visit, replace(asked, question=question), notice=notice)


def _key(visit: Visit) -> str:
    """What says in an address whom the page is about."""
    return f"?jeugdige={visit.known.child.id}" if visit.known else ""


def _told(request: Request, asked: Asked) -> Asked:
    """After a submit what is missing is told at its field too; while somebody fills the form in, it is only listed."""
    if wants_part(request):
        return asked
    question = asked.question
    return replace(
        asked, question=replace(question, errors=dict.fromkeys(question.missing, _MISSING) | question.errors)
    )


async def _answer(
    request: Request, visit: Visit, asked: Asked, *, compare_error: str | None = None, notice: str | None = None
) -> Response:
    """The page, or for htmx the list alone with what else changes in the form; `notice` is wrong with none of its
    fields.
    """
    question, known, context, whole = asked.question, visit.known, visit.context, not wants_part(request)
    saves = known is None and visit.is_keeper
    can_change = known is not None and known.can_change
    status = 409 if notice else 400 if question.errors and whole else 200
    return render(
        request,
        "fitting/page.html",
        part="fitting/_part.html",
        status=status,
        question=question,
        child=known.child if known else None,
        version=(question.form.versie or known.version) if known else None,
        shown=None if asked.answer is None else shown(asked.answer, context.today),
        asked=asked_in_words(question.form),
        changed=bool(asked.changes),
        updates=can_change and bool(asked.changes),
        refers=can_change and not asked.changes and asked.answer is not None,
        saves=saves,
        teams=await teams_of(visit.session, visit.caller) if saves else [],
        compare_error=compare_error,
        notice=notice,
        key=_key(visit),
        care_types_asked="+".join(each.care_type for each in question.body.choices) if question.body else "",
        at=context.now,
        limit=question.body.limit if question.body else 0,
        untouched=not any(question.form.fields()),
        labels=LABELS,
        slots=[name for name in LABELS if name not in _OF_SAVING],
        wishes=await wishes_for(context.follower, question.form, question.place, context.today, also_known=whole),
        municipalities=municipality_names(),
        **_lists(),
    )


def _lists() -> dict[str, Any]:
    """What can be chosen, each with its name."""
    lists = reference()
    return {
        "genders": GENDERS,
        "policies": POLICIES,
        "wait_sources": WAIT_SOURCES,
        "measures": [(each.code, each.name.nl) for each in lists.measures.values()],
        "care_types": [(each.code, each.name.nl) for each in lists.care_types.values()],
        "specialisations": [(each.code, each.name.nl) for each in lists.specialisations.values()],
        "criteria": [(each.code, each.name.nl) for each in lists.exclusion_criteria.values()],
    }
