"""Transfers as each side may see them: a receiver what it decides by, a sender what it accounts for."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.access.repository import list_names, list_of_role
from app.domain.dates import YearMonth, dutch_day, whole_years
from app.dossiers.referrals.count_schemas import StatusCount
from app.dossiers.referrals.repository import list_of_requests
from app.dossiers.referrals.states import OPEN, STATUSES, Status
from app.dossiers.requests.tables import RequestRow
from app.dossiers.transfers import repository
from app.dossiers.transfers.schemas import (
    AccountedClock,
    TransferAccount,
    TransferOut,
    TransferQuery,
    TransferredDossier,
)
from app.dossiers.transfers.states import TransferDecision
from app.dossiers.transfers.tables import TransferRequestRow, TransferRow
from app.finding.matching.schemas import Choice
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference


@dataclass(frozen=True, slots=True)
class Context:
    """What belongs to some transfers and is kept elsewhere: their dossiers, and of those in open ones what they say.

    `referrals` counts by request the referrals from which help can start or runs.
    """

    dossiers: Mapping[UUID, Sequence[TransferRequestRow]]
    requests: Mapping[UUID, RequestRow]
    referrals: Mapping[UUID, Mapping[Status, int]]


async def context_of(session: ReadSession | WriteSession, rows: Sequence[TransferRow]) -> Context:
    """What showing these transfers takes, however many."""
    dossiers: dict[UUID, list[TransferRequestRow]] = defaultdict(list)
    for each in await repository.list_dossiers(session, [row.id for row in rows]):
        dossiers[each.transfer_id].append(each)
    waiting = [each.request_id for row in rows if row.status == "open" for each in dossiers[row.id]]
    if not waiting:
        return Context(dossiers, {}, {})
    requests = {each.id: each for each in await repository.list_requests(session, waiting)}
    counted: dict[UUID, Counter[Status]] = defaultdict(Counter)
    for full in await list_of_requests(session, waiting):
        for child in full.children:
            if child.is_in and full.referral.status in {*OPEN, "started"}:
                counted[child.request_id][full.referral.status] += 1
    return Context(dossiers, requests, counted)


async def list_transfers(
    session: ReadSession, caller: Caller, query: TransferQuery, key: list[Any] | None
) -> list[TransferRow]:
    """The transfers that the caller is a side of, as they were proposed; after `key`, and one more than the page."""
    is_incoming = None if query.direction is None else query.direction == "incoming"
    return await repository.list_transfers(
        session, caller, is_incoming=is_incoming, status=query.status, limit=query.window, key=key
    )


async def list_institutions(session: ReadSession, caller: Caller) -> list[tuple[UUID, str]]:
    """The institutions and local teams that are registered here, by name: those that a dossier can go to."""
    ids = [*await list_of_role(session, Role.GI), *await list_of_role(session, Role.LOCAL_TEAM)]
    names = await list_names(session, [each for each in ids if each != caller.organisation_id])
    return sorted(names.items(), key=lambda institution: institution[1])


async def get_transfer(session: ReadSession, caller: Caller, transfer_id: UUID) -> TransferRow:
    """A transfer that the caller is a side of; `NotFoundError` where there is none."""
    return await repository.get_transfer(session, caller, transfer_id)


def transfer_out(row: TransferRow, context: Context, caller: Caller, now: datetime) -> TransferOut:
    """A transfer as the caller may see it."""
    is_incoming = caller.organisation_id == row.receiver_id
    dossiers = context.dossiers[row.id]
    is_open = row.status == "open"
    return TransferOut.model_construct(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        direction="incoming" if is_incoming else "outgoing",
        possible=_possible(row, is_incoming=is_incoming),
        with_=[each.request_id for each in dossiers if each.request_id != row.request_id],
        sender=row.sender_id,
        sender_name=row.sender,
        institution=row.receiver_id,
        institution_name=row.receiver,
        dossiers=[_dossier(each, context, dutch_day(now)) for each in dossiers if is_open],
        accounts=[] if is_incoming else _accounts(row, dossiers),
    )


_AS_THEY_ARE = ("id", "status", "request_id", "why", "proposed_at", "decided_at", "decided_because")


def _possible(row: TransferRow, *, is_incoming: bool) -> list[TransferDecision]:
    if row.status != "open":
        return []
    return ["accept", "decline"] if is_incoming else ["withdraw"]


def _dossier(dossier: TransferRequestRow, context: Context, today: date) -> TransferredDossier:
    row = context.requests[dossier.request_id]
    return TransferredDossier.model_construct(
        request_id=row.id,
        age=whole_years(YearMonth.parse(row.birth_month), today),
        gender=row.gender,
        municipality=row.municipality_code,
        measure_kind=reference().measures[row.measure_type].kind if row.measure_type else None,
        needs=row.needs,
        choices=[Choice.model_validate(each) for each in row.choices],
        referrals=_counts(context.referrals.get(row.id, {})),
    )


def _accounts(row: TransferRow, dossiers: Sequence[TransferRequestRow]) -> list[TransferAccount]:
    """What the sender keeps of what was handed over."""
    return [
        TransferAccount.model_construct(
            request_id=each.request_id,
            held_from=each.held_from,
            held_until=row.decided_at,
            clocks=[AccountedClock.model_validate(clock) for clock in each.clocks or []],
            referrals=_counts(each.referrals or {}),
        )
        for each in dossiers
        if each.held_from is not None and row.decided_at is not None
    ]


def _counts(counted: Mapping[Any, int]) -> list[StatusCount]:
    return [StatusCount.model_construct(status=each, count=counted[each]) for each in STATUSES if counted.get(each)]
