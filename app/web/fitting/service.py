"""Asking what fits: for a child that nobody has kept as `POST /matches` does, for a known one as its dossier does."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.domain.dates import dutch_day
from app.dossiers.matches import service as matches
from app.dossiers.matches.schemas import RequestMatchQuery
from app.dossiers.requests import views as requests
from app.dossiers.requests.schemas import RequestOut
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching import service as matching
from app.kit.database.sessions import WriteSession
from app.kit.errors import InvalidInputError
from app.kit.security.callers import Caller
from app.web.fitting.form import FittingForm, form_of
from app.web.fitting.question import Question, patch_of, read
from app.web.shell.forms import errors_of


@dataclass(frozen=True, slots=True)
class Known:
    """A child of a dossier, and the version of its request that a change would be based on."""

    child: RequestOut
    version: int

    @property
    def can_change(self) -> bool:
        """Whether it is the caller's own, and not closed."""
        return self.child.shared is None and self.child.status != "closed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer (`MatchAnswer`), None where it cannot be answered yet.

    `changes` is what would be different in the dossier of a known child, in the fields of `RequestPatch`.
    """

    question: Question
    known: Known | None = None
    answer: dict[str, Any] | None = None
    changes: dict[str, Any] | None = None


async def get_known(session: WriteSession, caller: Caller, request_id: UUID, now: datetime) -> Known:
    """The child of this request; `NotFoundError` where the caller has no such."""
    row = await requests.get_request(session, caller, request_id)
    context = await requests.context_of(session, [row], caller)
    return Known(requests.request_out(row, context, dutch_day(now), "nl"), row.version)


async def ask(
    session: WriteSession,
    catalogue: Catalogue,
    caller: Caller,
    form: FittingForm,
    known: Known | None,
    now: datetime,
    *,
    again: bool = False,
) -> Asked:
    """The question of a form with its ranking; of a known child that of its dossier, unless the form asks something
    else.

    Of a dossier the ranking is kept; not where the page looks again by itself (`again`): what is referred from there
    is referred from the ranking that somebody asked for.
    """
    question = read(form)
    body = question.body
    if body is None:
        return Asked(question, known)
    try:
        matching.check(catalogue, body, now)
    except InvalidInputError as error:
        return Asked(replace(question, body=None, errors=question.at_fields(errors_of(error))), known)
    changes = None if known is None else patch_of(read(form_of(known.child)).values, question.values)
    if known is None and body.wait_source == "stated":
        answer = matching.match(catalogue, body, now, "nl", explain_all=True)
    elif known is None:
        answer = await matching.match_by_expected(session, catalogue, body, now, "nl", explain_all=True)
    elif changes:
        answer = await matches.match_instead(session, catalogue, caller, known.child.id, body, now, "nl")
    else:
        query = RequestMatchQuery.model_construct(policy=body.policy, wait_source=body.wait_source, explain=True)
        answer = await matches.match_request(
            session, catalogue, caller, known.child.id, query, now, "nl", keep=not again
        )
        if again:
            answer["rankingId"] = form.rangschikking or None
    return Asked(question, known, orjson.loads(orjson.dumps(answer)), changes)
