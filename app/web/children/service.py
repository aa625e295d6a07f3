"""What the pages of children read: the services of dossiers, asked as the API's endpoints ask them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.dates import dutch_day
from app.dossiers.agreements import service as agreements
from app.dossiers.agreements.steps import Step
from app.dossiers.amendments import views as amendments
from app.dossiers.amendments.schemas import AmendmentOut
from app.dossiers.arrangements import views as arrangements
from app.dossiers.calls import views as calls
from app.dossiers.calls.schemas import CallAnswerOut, CallAnswerQuery, CallOut, CallQuery
from app.dossiers.escalations import views as escalations
from app.dossiers.escalations.schemas import EscalationOut
from app.dossiers.proposals import line_views
from app.dossiers.proposals import service as proposals
from app.dossiers.proposals.schemas import ChildProposalLine
from app.dossiers.rankings import service as rankings
from app.dossiers.rankings.schemas import RankingOut
from app.dossiers.referrals import views as referrals
from app.dossiers.referrals.schemas import ReferralOut, ReferralQuery
from app.dossiers.referrals.states import OPEN
from app.dossiers.requests import lists as request_lists
from app.dossiers.requests import views as requests
from app.dossiers.requests.entry_schemas import JudgementOut
from app.dossiers.requests.schemas import DeadlineQuery, RequestEventOut, RequestOut
from app.dossiers.shares import service as shares
from app.dossiers.shares.schemas import ShareOut
from app.dossiers.transfers import views as transfers
from app.dossiers.transfers.schemas import TransferOut, TransferQuery
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import ReadSession
from app.kit.entity_tags import etag_of
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.web.shell.teams import teams_of

_ALL = PageQuery(limit=200)
_EVENTS = 200
_PROPOSALS = 3


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral as its institution sees it, with the ETag of its version."""

    out: ReferralOut
    version: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call as its institution sees it, with what was answered that stands, and the ETag of its version."""

    out: CallOut
    answers: list[CallAnswerOut]
    version: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """A step that a request was put before, with the ETag of its version."""

    out: EscalationOut
    version: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known of a child; `version` is the ETag of its request, on which changes are based."""

    request: RequestOut
    version: str
    today: date
    referrals: list[Referral]
    amendments: list[AmendmentOut]
    proposed: list[ChildProposalLine]
    calls: list[Call]
    arrangements: list[dict[str, Any]]
    escalations: list[Escalation]
    ladder: Sequence[Step]
    rankings: list[RankingOut]
    judgements: list[JudgementOut]
    shares: list[ShareOut]
    teams: list[tuple[UUID, str]]
    own_teams: list[tuple[str, str]]
    events: list[RequestEventOut]
    siblings: dict[UUID, str]
    transfers: list[TransferOut]
    institutions: list[tuple[UUID, str]]

    @property
    def is_own(self) -> bool:
        """Whether it is the caller's; else another shares it, and it is only read."""
        return self.request.shared is None

    @property
    def may_escalate(self) -> bool:
        """Whether the caller may put it before a step."""
        return self.request.shared in {None, "escalate"}


def tag(row: Any) -> str:
    """The ETag of a version of what is shown with more; see `kit.entity_tags`."""
    return etag_of(row.version, 0)


async def list_by_deadline(
    session: ReadSession, caller: Caller, query: DeadlineQuery, key: list[Any] | None, today: date
) -> tuple[list[RequestOut], list[Any] | None]:
    """Requests by their next deadline, and the key of the last where another page follows."""
    found = await request_lists.list_by_deadline(session, caller, query, key, today)
    page = found[: query.limit]
    context = await requests.context_of(session, [row for row, _ in page], caller)
    shown = [requests.request_out(row, context, today, "nl") for row, _ in page]
    last = page[-1] if len(found) > len(page) else None
    return shown, None if last is None else [last[1], last[0].requested_on, last[0].id]


async def read_dossier(
    session: ReadSession, caller: Caller, catalogue: Catalogue, request_id: UUID, now: datetime
) -> Dossier:
    """A dossier that is the caller's or is shared with it; `NotFoundError` where there is none."""
    today = dutch_day(now)
    row = await requests.get_request(session, caller, request_id)
    context = await requests.context_of(session, [row], caller)
    request = requests.request_out(row, context, today, "nl")
    is_own = request.shared is None
    events = await request_lists.list_last_history(session, caller, request_id, _EVENTS)
    ladder = (await agreements.get_agreements(session, row.region_code)).escalation_ladder
    asked = ReferralQuery(limit=200, request=request_id)
    sent = await referrals.list_referrals(session, caller, asked, None, now)
    steps = await escalations.list_escalations(session, caller, request_id, _ALL, None)
    kept = await rankings.list_rankings(session, caller, request_id, _ALL, None)
    judged = await request_lists.list_judgements(session, caller, request_id, _ALL, None)
    return Dossier(
        request=request,
        version=tag(row),
        today=today,
        referrals=[Referral(referrals.referral_out(each, caller, now, catalogue), tag(each.referral)) for each in sent],
        amendments=await _amendments(
            session, caller, [each.referral.id for each in sent if each.referral.status in OPEN], today
        ),
        proposed=await _proposed(session, caller, request_id, catalogue, today) if is_own else [],
        calls=await _calls(session, caller, request_id, today),
        arrangements=await arrangements.arrangements_of(session, caller, request_id, today),
        escalations=[Escalation(escalations.escalation_out(each), etag_of(each.version)) for each in steps],
        ladder=ladder,
        rankings=[RankingOut.model_validate(each) for each in kept],
        judgements=[requests.judgement_out(each) for each in reversed(judged)],
        shares=await _shares(session, caller, request_id) if is_own else [],
        teams=await shares.list_teams(session) if is_own else [],
        own_teams=await teams_of(session, caller) if is_own else [],
        events=[events.show(each) for each in events.rows],
        siblings={each.id: each.child_reference for each in context.siblings_of(row)} if is_own else {},
        transfers=await _transfers(session, caller, request_id, now) if is_own else [],
        institutions=await transfers.list_institutions(session, caller) if is_own else [],
    )


async def _amendments(
    session: ReadSession, caller: Caller, referral_ids: Sequence[UUID], today: date
) -> list[AmendmentOut]:
    """What is proposed of these referrals and not decided yet."""
    found = []
    for referral_id in referral_ids:
        rows = [
            each
            for each in await amendments.list_amendments(session, caller, referral_id, _ALL, None)
            if each.status == "open"
        ]
        children = await amendments.requests_of(session, rows) if rows else {}
        found += [amendments.amendment_out(each, children, caller, today) for each in rows]
    return found


async def _proposed(
    session: ReadSession, caller: Caller, request_id: UUID, catalogue: Catalogue, today: date
) -> list[ChildProposalLine]:
    """What the last proposals say of a request, the last made first."""
    row, lines = await proposals.list_child_lines(session, caller, request_id, PageQuery(limit=_PROPOSALS), None)
    found = await line_views.show_child_lines(session, row, lines[:_PROPOSALS], "nl", catalogue, today)
    return list(found.values())


async def _calls(session: ReadSession, caller: Caller, request_id: UUID, today: date) -> list[Call]:
    """The calls of a request, the last first."""
    rows = await calls.list_calls(session, caller, CallQuery(limit=200, request=request_id), None, today)
    answered = await calls.answered_of(session, caller, rows)
    found = []
    for full in reversed(rows):
        standing = CallAnswerQuery(limit=200, stands=True)
        answers = await calls.list_answers(session, caller, full.call.id, standing, None)
        out = calls.call_out(full, answered, caller, today)
        found.append(Call(out, [calls.answer_out(each) for each in answers], tag(full.call)))
    return found


async def _transfers(session: ReadSession, caller: Caller, request_id: UUID, now: datetime) -> list[TransferOut]:
    """The transfer of a request that waits for its receiver, if any."""
    asked = TransferQuery(direction="outgoing", status="open", limit=200)
    rows = await transfers.list_transfers(session, caller, asked, None)
    context = await transfers.context_of(session, rows)
    shown = [transfers.transfer_out(each, context, caller, now) for each in rows]
    return [each for each in shown if request_id in {each.request_id, *each.with_}]


async def _shares(session: ReadSession, caller: Caller, request_id: UUID) -> list[ShareOut]:
    rows = await shares.list_shares(session, caller, request_id, _ALL, None)
    return list((await shares.show_shares(session, rows)).values())
