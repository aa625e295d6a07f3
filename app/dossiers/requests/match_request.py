"""A request as it is put to the ranking."""

from collections.abc import Sequence
from datetime import date

from app.domain.language import Text
from app.dossiers.requests.tables import RequestRow
from app.finding.matching.schemas import (
    Child,
    Choice,
    DossierMatchRequest,
    EarlierDecline,
    Measure,
    OfferException,
)
from app.kit.errors import ConflictError
from app.ranking.model import Policy
from app.reference.former_municipalities import instead_of
from app.reference.lists import reference


def match_request_of(
    row: RequestRow,
    siblings: Sequence[RequestRow],
    today: date,
    policy: Policy,
    limit: int,
    declines: Sequence[EarlierDecline] = (),
    exceptions: Sequence[OfferException] = (),
) -> DossierMatchRequest:
    """What a request asks of the ranking today; siblings who want one place together need a place each.

    `declines` are the earlier refusals of this child, and `exceptions` what was granted for it, where they are to
    count. Where help is needed again, its norm counts from that day. An authorisation of secure care that has run out
    is none.

    `ConflictError` where its municipality is no more.
    """
    check_municipality(row)
    return of_known_place(row, siblings, today, policy, limit, declines, exceptions)


def check_municipality(row: RequestRow) -> None:
    """`ConflictError` where the municipality of a request is no more."""
    if row.municipality_code not in reference().municipalities:
        instead = instead_of(row.municipality_code) or Text(
            nl=f"De gemeente {row.municipality_code} bestaat niet meer.",
            en=f"The municipality {row.municipality_code} is no more.",
        )
        text = Text(nl="{instead} Wijzig child.municipality.", en="{instead} Change child.municipality.")
        raise ConflictError(text.format(instead=instead))


def of_known_place(
    row: RequestRow,
    siblings: Sequence[RequestRow],
    today: date,
    policy: Policy,
    limit: int,
    declines: Sequence[EarlierDecline] = (),
    exceptions: Sequence[OfferException] = (),
) -> DossierMatchRequest:
    """As `match_request_of`, of a request whose municipality is known to be there."""
    group = (row.organisation_id, row.sibling_group)
    together = sum((other.organisation_id, other.sibling_group) == group for other in siblings)
    return DossierMatchRequest.model_construct(
        child=_child(row, today),
        choices=[Choice.model_validate(each) for each in row.choices],
        needs=row.needs,
        wishes=row.wishes,
        characteristics=row.characteristics,
        places=max(row.places, together),
        needed_by=row.needed_by,
        declines=list(declines),
        exceptions=list(exceptions),
        policy=policy,
        limit=limit,
    )


def _child(row: RequestRow, today: date) -> Child:
    measure = None
    if row.measure_type is not None and row.measure_imposed_on is not None:
        since = max(row.measure_imposed_on, row.needed_again_on or row.measure_imposed_on)
        measure = Measure.model_construct(type=row.measure_type, imposed_on=since)
    return Child.model_construct(
        birth_month=row.birth_month,
        gender=row.gender,
        municipality=row.municipality_code,
        postcode=row.postcode,
        measure=measure,
        court_authorisation=row.is_authorised_on(today),
    )
