"""Every question that insight answers."""

from typing import Final

from app.insight.answers.definitions import Resource
from app.insight.choices.definition import CHOICES
from app.insight.norms.definition import NORMS
from app.insight.waiting_children.definition import WAITING_CHILDREN

RESOURCES: Final[tuple[Resource, ...]] = (WAITING_CHILDREN, NORMS, CHOICES)
"""In the order in which they are shown."""
