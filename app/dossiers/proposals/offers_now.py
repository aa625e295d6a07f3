"""How the offers of lines stand now, for children who still wait: a place that was proposed can be gone since."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import numpy as np

from app.dossiers.proposals.tables import ProposalLineRow
from app.dossiers.requests.repository import list_siblings
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.availability import STATUSES, Status, availabilities
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import ReadSession

Standing = Mapping[tuple[UUID, UUID], Status]
"""By proposal and request."""


async def offers_now(
    session: ReadSession,
    catalogue: Catalogue,
    lines: Sequence[tuple[ProposalLineRow, RequestRow]],
    today: date,
) -> Standing:
    """How the offer of each of these lines stands today, for as many places as its child takes with its siblings; of
    children who wait, with an offer. One that has ended is `closed`."""
    waiting = [(line, row) for line, row in lines if line.offer_id is not None and row.status == "open"]
    siblings = await list_siblings(session, [row for _, row in waiting])
    sizes = Counter((each.organisation_id, each.sibling_group) for each in siblings)
    return {
        (line.proposal_id, row.id): _status(catalogue, line, row, sizes[row.organisation_id, row.sibling_group], today)
        for line, row in waiting
    }


def _status(catalogue: Catalogue, line: ProposalLineRow, row: RequestRow, siblings: int, today: date) -> Status:
    slot = catalogue.find_slot(str(line.offer_id))
    if slot is None:
        return "closed"
    slots, day = np.array([slot], np.int64), today.toordinal()
    offers = catalogue.take(slots, siblings if siblings > 1 else row.places)
    found = availabilities(offers, catalogue.stopped(slots, day, row.region_code), day)
    return STATUSES[int(found.status[0])]
