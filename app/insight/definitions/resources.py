"""Every question that insight answers."""

from typing import Final

from app.insight.answers.definitions import Resource
from app.insight.arrangements.definition import ARRANGEMENTS
from app.insight.capacity.definition import CAPACITY
from app.insight.choices.definition import CHOICES
from app.insight.declines.definition import DECLINES
from app.insight.escalations.definition import ESCALATIONS
from app.insight.freshness.definition import FRESHNESS
from app.insight.norms.definition import NORMS
from app.insight.referrals.definition import REFERRALS
from app.insight.residential_flow.definition import RESIDENTIAL_FLOW
from app.insight.supply.definition import SUPPLY
from app.insight.waiting_children.definition import WAITING_CHILDREN
from app.insight.waiting_times.definition import WAITING_TIMES

RESOURCES: Final[tuple[Resource, ...]] = (
    *(WAITING_CHILDREN, NORMS, CHOICES),
    *(SUPPLY, CAPACITY, WAITING_TIMES, FRESHNESS),
    *(REFERRALS, DECLINES, RESIDENTIAL_FLOW, ARRANGEMENTS, ESCALATIONS),
)
"""In the order in which they are shown."""
