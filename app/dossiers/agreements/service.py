"""Keeping the agreements of regions: each region its own, an admin any."""

from datetime import datetime

from app.domain.language import Text
from app.dossiers.agreements import repository
from app.dossiers.agreements.expert_network import expert_network
from app.dossiers.agreements.schemas import AgreementsIn, AgreementsOut
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import ForbiddenError, InputError, InvalidInputError, NotFoundError
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version
from app.reference.lists import reference


async def get_agreements(session: ReadSession, region: str) -> RegionalAgreementsRow:
    """What a region has agreed, or what holds without; `NotFoundError` for an unknown region."""
    _check_known(region)
    return await repository.get_agreements(session, region)


def _check_known(region: str) -> None:
    if region not in reference().regions:
        raise NotFoundError(Text(nl="Deze jeugdregio", en="This region"))


def _check_supraregion(region: str, supraregion: str | None) -> None:
    own = reference().regions[region].supraregions
    if supraregion is not None and supraregion not in own:
        named = ", ".join(own) or "-"
        text = Text(
            nl=f"De regio {region} hoort niet bij dit verband, wel bij: {named}.",
            en=f"The region {region} is not in this supraregion, but in: {named}.",
        )
        raise InvalidInputError(InputError("#/supraregion", "not-of-region", text))


async def put_agreements(
    session: WriteSession, caller: Caller, region: str, body: AgreementsIn, if_match: str | None, now: datetime
) -> RegionalAgreementsRow:
    """Sets what a region has agreed; `ForbiddenError` for another region's. The clocks go by it from now on."""
    _check_known(region)
    if caller.role is Role.REGION and caller.region != region:
        raise ForbiddenError(
            Text(
                nl=f"Een regio schrijft haar eigen afspraken; die van u is {caller.region}.",
                en=f"A region writes its own agreements; yours is {caller.region}.",
            )
        )
    _check_supraregion(region, body.supraregion)
    row = await repository.hold_agreements(session, region)
    check_version(if_match, row.version)
    await change(session, row, body.values(), now)
    return row


def agreements_out(row: RegionalAgreementsRow) -> AgreementsOut:
    """The agreements of a region as they go over the wire."""
    return AgreementsOut.model_construct(
        region=row.region_code,
        contact_local_team_days=row.contact_local_team_days,
        expert_team_days=row.expert_team_days,
        also_without_measure=row.also_without_measure,
        authorisation_warning_days=row.authorisation_warning_days,
        next_place_days=row.next_place_days,
        referral_answer_days=row.referral_answer_days,
        urgent_answer_days=row.urgent_answer_days,
        crisis_answer_hours=row.crisis_answer_hours,
        arrangement_answer_days=row.arrangement_answer_days,
        escalation_ladder=row.escalation_ladder,
        supraregion=expert_network(row.region_code, row.supraregion),
    )
