"""Statements on the agreements of regions."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.dossiers.agreements.default_terms import (
    ANSWER_DAYS,
    ARRANGEMENT_ANSWER_DAYS,
    AUTHORISATION_WARNING_DAYS,
    CRISIS_ANSWER_HOURS,
    NEXT_PLACE_DAYS,
    URGENT_ANSWER_DAYS,
)
from app.dossiers.agreements.steps import STEPS
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.kit.database.sessions import ReadSession, WriteSession


def _default(region: str) -> RegionalAgreementsRow:
    """What holds in a region that has agreed nothing: no local terms, the whole ladder."""
    return RegionalAgreementsRow(
        region_code=region,
        contact_local_team_days=None,
        expert_team_days=None,
        also_without_measure=False,
        authorisation_warning_days=AUTHORISATION_WARNING_DAYS,
        next_place_days=NEXT_PLACE_DAYS,
        referral_answer_days=ANSWER_DAYS,
        urgent_answer_days=URGENT_ANSWER_DAYS,
        crisis_answer_hours=CRISIS_ANSWER_HOURS,
        arrangement_answer_days=ARRANGEMENT_ANSWER_DAYS,
        escalation_ladder=list(STEPS),
        supraregion=None,
        version=0,
    )


async def list_agreements(
    session: ReadSession | WriteSession, regions: Collection[str]
) -> dict[str, RegionalAgreementsRow]:
    """The agreements of these regions by code; the defaults, with version 0, where a region has none."""
    statement = select(RegionalAgreementsRow).where(RegionalAgreementsRow.region_code.in_(regions))
    kept = {row.region_code: row for row in await session.scalars(statement)}
    return {region: kept.get(region) or _default(region) for region in regions}


async def get_agreements(session: ReadSession | WriteSession, region: str) -> RegionalAgreementsRow:
    """The agreements of a region, or the defaults."""
    return (await list_agreements(session, [region]))[region]


async def hold_agreements(session: WriteSession, region: str) -> RegionalAgreementsRow:
    """The row of a region, made where there was none (version 0), and held until the transaction ends."""
    fresh = _default(region)
    names = [
        column.key for column in RegionalAgreementsRow.__table__.c if column.key not in {"created_at", "updated_at"}
    ]
    values = {name: getattr(fresh, name) for name in names}
    await session.execute(insert(RegionalAgreementsRow).values(values).on_conflict_do_nothing())
    statement = select(RegionalAgreementsRow).where(RegionalAgreementsRow.region_code == region).with_for_update()
    return (await session.execute(statement)).scalar_one()
