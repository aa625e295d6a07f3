"""The figures that an action can be meant to move, by name: `norms.helpLate` is helpLate of `GET /insight/norms`."""

from typing import Final

from app.insight.answers.definitions import Measure, Resource
from app.insight.definitions.resources import RESOURCES

FIGURES: Final[dict[str, tuple[Resource, Measure]]] = {
    f"{resource.name}.{measure.name}": (resource, measure) for resource in RESOURCES for measure in resource
}
"""Every figure of every resource, each defined there."""


def takes_care_type(name: str) -> bool:
    """Whether a figure can be of one care type, for whoever reads the plan: each child under one."""
    resource, _ = FIGURES[name]
    return "care-type" in set(resource.by) - resource.overlapping
