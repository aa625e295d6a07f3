"""Every question that insight answers."""

from typing import Final

from app.insight.answers.definitions import Resource
from app.insight.arrangements.definition import ARRANGEMENTS
from app.insight.choices.definition import CHOICES
from app.insight.declines.definition import DECLINES
from app.insight.escalations.definition import ESCALATIONS
from app.insight.norms.definition import NORMS
from app.insight.referrals.definition import REFERRALS
from app.insight.residential_flow.definition import RESIDENTIAL_FLOW
from app.insight.waiting_children.definition import WAITING_CHILDREN

RESOURCES: Final[tuple[Resource, ...]] = (
    *(WAITING_CHILDREN, NORMS, CHOICES),
    *(REFERRALS, DECLINES, RESIDENTIAL_FLOW, ARRANGEMENTS, ESCALATIONS),
)
"""In the order in which they are shown."""
