"""What fits a child: for one that nobody has kept, and for one that the caller knows."""

from dataclasses import replace
from typing import Annotated, Any, Final, NamedTuple
from uuid import UUID

import orjson
from fastapi import Depends, Form, Request, Response

from app.dossiers.matches import service as matches
from app.dossiers.matches.schemas import RequestMatchQuery
from app.dossiers.requests import creation
from app.dossiers.requests import views as requests
from app.dossiers.requests.errors import ReferenceTakenError
from app.dossiers.requests.schemas import RequestIn, RequestOut
from app.finding.catalogue.dependencies import CatalogueContext, Context
from app.finding.matching import service as matching
from app.kit.database.sessions import WriteSession
from app.kit.errors import InvalidInputError
from app.kit.http.dependencies import Writing, database_of
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference
from app.web.fitting.comparison import FEWEST, MOST, compare
from app.web.fitting.form import FittingForm, form_of
from app.web.fitting.question import LABELS, Question, read
from app.web.fitting.views import GENDERS, POLICIES, asked_in_words, shown
from app.web.fitting.wishes import wishes_for
from app.web.shell.forms import Errors, errors_of, read_form
from app.web.shell.places import municipality_names
from app.web.shell.rendering import go_to, render, wants_part
from app.web.shell.routing import router as make_router
from app.web.shell.teams import teams_of
from app.web.sign_in.dependencies import Referrer, seen_by

router = make_router()

PATH: Final = "/passend"
_KEEPERS: Final = (Role.GI, Role.LOCAL_TEAM)
_MISSING: Final = "Vul dit nog in."
_OF_SAVING: Final = {"kenmerk", "team"}
"""The fields beside the list, which comes with them."""


async def _asker(request: Request, jeugdige: UUID | None = None) -> Caller:
    allowed = seen_by(*_KEEPERS) if jeugdige else seen_by(*_KEEPERS, Role.REFERRER)
    return await allowed(request)


Asker = Annotated[Caller, Depends(_asker)]
"""Who may ask what fits; for a child of a dossier only who keeps dossiers."""
Filled = Annotated[FittingForm, Form()]


class Asked(NamedTuple):
    """A question and its answer, None where it cannot be answered yet.

    `child` is the request that it is about; `changed`: other things are asked than its dossier says.
    """

    question: Question
    answer: dict[str, Any] | None = None
    child: RequestOut | None = None
    changed: bool = False

    @property
    def address(self) -> str:
        """Where this is asked."""
        return PATH + self.key

    @property
    def key(self) -> str:
        """What tells in an address whose question it is."""
        return f"?jeugdige={self.child.id}" if self.child else ""


@router.get(PATH)
async def show_fitting(
    request: Request, caller: Asker, session: Writing, context: Context, jeugdige: UUID | None = None
) -> Response:
    """The empty form; of a known child the form filled in, and its ranking, which is kept."""
    child = await _child(session, caller, jeugdige, context)
    if child is None:
        return await _answer(request, caller, session, context, Asked(Question(FittingForm(), {}, None)))
    asked = await _ask(session, caller, context, form_of(child), child)
    return await _answer(request, caller, session, context, asked)


@router.post(PATH)
async def find_fitting(
    request: Request,
    form: Filled,
    caller: Asker,
    session: Writing,
    context: Context,
    jeugdige: UUID | None = None,
) -> Response:
    """The ranking for what the form asks, in the body, so that nothing about a child is in an address."""
    asked = await _ask(session, caller, context, form, await _child(session, caller, jeugdige, context))
    return await _answer(request, caller, session, context, _told(request, asked))


@router.post(f"{PATH}/vergelijken")
async def compare_fitting(
    request: Request,
    form: Filled,
    caller: Asker,
    session: Writing,
    context: Context,
    jeugdige: UUID | None = None,
) -> Response:
    """The offers that were ticked, side by side."""
    asked = await _ask(session, caller, context, form, await _child(session, caller, jeugdige, context))
    if asked.answer is None:
        return await _answer(request, caller, session, context, _told(request, asked))
    if not FEWEST <= len(set(form.vergelijk)) <= MOST:
        error = f"Vink {FEWEST} tot {MOST} keer aanbod aan om te vergelijken."
        return await _answer(request, caller, session, context, asked, compare_error=error)
    comparison = compare(asked.answer, form.vergelijk, form.gewenst, context.today)
    return render(
        request,
        "fitting/comparison.html",
        comparison=comparison,
        address=asked.address,
        asked=asked_in_words(form),
        kept=list(form.fields()),
    )


@router.post(f"{PATH}/bewaren")
async def save_child(request: Request, form: Filled, caller: Referrer, session: Writing, context: Context) -> Response:
    """Keeps what was asked as the request of a child, with the caller's own reference, and goes on with that."""
    asked = await _ask(session, caller, context, form, None)
    if asked.answer is None:
        return await _answer(request, caller, session, context, _told(request, asked))
    own = {"childReference": form.kenmerk.strip()} | ({"team": form.team} if form.team else {})
    body, errors = read_form(RequestIn, {**asked.question.values, **own})
    if body is not None:
        try:
            async with database_of(request).write() as saving:
                row = await creation.add_request(saving, caller, body, context.now)
                made = row.id
            return go_to(request, f"{PATH}?jeugdige={made}")
        except InvalidInputError as error:
            errors = errors_of(error)
        except ReferenceTakenError as error:
            errors = {"/childReference": error.detail.nl}
    question = replace(asked.question, errors=asked.question.at_fields(errors))
    return await _answer(request, caller, session, context, asked._replace(question=question))


async def _child(
    session: WriteSession, caller: Caller, request_id: UUID | None, context: CatalogueContext
) -> RequestOut | None:
    """The request that the page is about; `NotFoundError` where the caller has no such."""
    if request_id is None:
        return None
    row = await requests.get_request(session, caller, request_id)
    return requests.request_out(row, await requests.context_of(session, [row], caller), context.today, "nl")


async def _ask(
    session: WriteSession, caller: Caller, context: CatalogueContext, form: FittingForm, child: RequestOut | None
) -> Asked:
    """The question with its ranking: of a known child that of its dossier, unless something else is asked."""
    question, catalogue = read(form), context.follower.catalogue
    body = question.body
    if body is None:
        return Asked(question, None, child)
    changed = child is not None and read(form_of(child)).values != question.values
    try:
        matching.check(catalogue, body, context.now)
    except InvalidInputError as error:
        wrong = replace(question, body=None, errors=question.at_fields(errors_of(error)))
        return Asked(wrong, None, child, changed)
    if child is None:
        answer = matching.match(catalogue, body, context.now, "nl", explain_all=True)
    elif changed:
        answer = await matches.match_instead(session, catalogue, caller, child.id, body, context.now, "nl")
    else:
        query = RequestMatchQuery(policy=body.policy, explain=True)
        answer = await matches.match_request(session, catalogue, caller, child.id, query, context.now, "nl")
    return Asked(question, orjson.loads(orjson.dumps(answer)), child, changed)


def _told(request: Request, asked: Asked) -> Asked:
    """After a submit what is missing is told at its field too; while somebody fills the form in, it is only listed."""
    if wants_part(request):
        return asked
    errors: Errors = dict.fromkeys(asked.question.missing, _MISSING) | asked.question.errors
    return asked._replace(question=replace(asked.question, errors=errors))


async def _answer(
    request: Request,
    caller: Caller,
    session: WriteSession,
    context: CatalogueContext,
    asked: Asked,
    *,
    compare_error: str | None = None,
) -> Response:
    """The page, or for htmx the list alone with what else changed in the form."""
    question, child = asked.question, asked.child
    is_own = child is not None and child.shared is None and child.status != "closed"
    saves = child is None and caller.role in _KEEPERS
    wishes = await wishes_for(
        context.follower, question.form, question.place, context.today, also_known=not wants_part(request)
    )
    return render(
        request,
        "fitting/page.html",
        part="fitting/_part.html",
        status=400 if question.errors and not wants_part(request) else 200,
        question=question,
        child=child,
        changed=asked.changed,
        shown=None if asked.answer is None else shown(asked.answer, context.today),
        asked=asked_in_words(question.form),
        refers=is_own and not asked.changed and asked.answer is not None,
        saves=saves,
        teams=await teams_of(session, caller) if saves else [],
        compare_error=compare_error,
        address=asked.address,
        compare_address=f"{PATH}/vergelijken{asked.key}",
        at=context.now,
        limit=question.body.limit if question.body else 0,
        untouched=not any(question.form.fields()),
        labels=LABELS,
        slots=[name for name in LABELS if name not in _OF_SAVING],
        wishes=wishes,
        municipalities=municipality_names(),
        **_lists(),
    )


def _lists() -> dict[str, Any]:
    """What can be chosen, each with its name."""
    lists = reference()
    return {
        "genders": GENDERS,
        "policies": POLICIES,
        "measures": [(each.code, each.name.nl) for each in lists.measures.values()],
        "care_types": [(each.code, each.name.nl) for each in lists.care_types.values()],
        "specialisations": [(each.code, each.name.nl) for each in lists.specialisations.values()],
        "criteria": [(each.code, each.name.nl) for each in lists.exclusion_criteria.values()],
    }
