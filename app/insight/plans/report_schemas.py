"""The monthly report of the actions of a plan, as it goes over the wire."""

from datetime import date

from pydantic import Field

from app.insight.answers.definitions import Kind
from app.insight.answers.schemas import Number
from app.insight.plans.figures import Whose
from app.insight.plans.schemas import ActionFigureOut, ActionOut
from app.insight.plans.states import Light
from app.kit.schemas import Answer, Change, Schema, described
from app.reference.schemas import RegionField, SupraregionField


class LightCounts(Answer):
    """How many actions stand so."""

    green: int = described("On course.", 5)
    amber: int = described("In need of attention.", 2)
    red: int = described("Not to be made as it goes.", 1)


class StatusCounts(Answer):
    """How many actions are so far."""

    planned: int = described("Not begun.", 2)
    running: int = described("Begun.", 4)
    done: int = described("Finished.", 1)
    stopped: int = described("Given up.", 1)


class ActionCounts(Answer):
    """The actions, counted; those that were withdrawn are not among them."""

    total: int = described("How many there are.", 8)
    overdue: int = described("How many are past their due day, and neither done nor stopped.", 1)
    by_light: LightCounts = Field(description="By light.")
    by_status: StatusCounts = Field(description="By status.")


class ReportedFigureOut(ActionFigureOut):
    """A figure that an action should move, as it was known when the month ended, beside the month before."""

    title: str | None = described(
        "It in words; null for one that is taken no more.", "De normen van de inspecties: passende hulp: te laat"
    )
    kind: Kind | None = described("How it comes about.", "count")
    definition: str | None = described("What is counted.", "Na de laatste dag, of nog niet.")
    value: Number | None = described(
        "In the month; null where nothing is known, or where it is too small for the caller to see.", 4
    )
    before: Number | None = described("In the month before, likewise.", 6)


class ReportedActionOut(ActionOut):
    """An action as it stood at the end of the month."""

    added_on: date = described("Since which day it is kept.", "2026-09-14")
    previous_light: Light | None = described(
        "Its light at the end of the month before; null: it was not kept yet.", "green"
    )
    overdue: bool = described("Whether it is past its due day, and neither done nor stopped.", False)
    figures: list[ReportedFigureOut] = Field(  # type: ignore[assignment]  # the same, with what they were
        description="The figures that it should move."
    )
    changes: list[Change] = Field(
        description="Each field that is different since the end of the month before; none of an action that is new."
    )


class ActionReportOut(Answer):
    """The actions of the plan of a region or supraregion, as they stood at the end of a month."""

    month: str = described("The month.", "2026-10")
    region: RegionField | None = Field(description="The jeugdregio whose plan it is; null where a supraregion's.")
    supraregion: str | None = described("The supraregion whose plan it is; null where a region's.", None)
    last_day: date = described("The day as of which it is: the last of the month, or today.", "2026-10-31")
    provisional: bool = described("Whether the month is not over, so that it can change.", False)
    figures_of: Whose = described(
        "Of whom the figures are: all of the area of the plan, or the caller's own part of it.", "plan"
    )
    counts: ActionCounts = Field(description="The actions, counted.")
    items: list[ReportedActionOut] = Field(
        description="The actions, by direction and due day. One that was withdrawn in the month stands among them for "
        "the last time, and is not counted."
    )


class ActionReportQuery(Schema):
    """The query keys of a report; one of the two."""

    region: RegionField | None = Field(default=None, description="The jeugdregio whose plan it is.")
    supraregion: SupraregionField | None = Field(
        default=None, description="The supraregion whose plan it is.", examples=["zuidwest"]
    )
