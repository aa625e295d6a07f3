"""The dashboard, as it is asked and answered."""

from datetime import date

from pydantic import Field

from app.insight.answers.schemas import CompletenessOut, SmallOut
from app.insight.dashboard.lights import Light, TileName
from app.insight.plans.report_schemas import ActionCounts
from app.kit.schemas import Answer, Moment, Schema, described
from app.reference.schemas import RegionField


class DashboardQuery(Schema):
    """Of which region."""

    region: RegionField | None = Field(
        default=None, description="The jeugdregio; the caller's own where it is one. Required of all others."
    )


class ReadingOut(Answer):
    """So many of so many."""

    count: int | None = described("How many; null where that is too small for the caller to see.", 3)
    of: int | None = described("Of how many; null likewise.", 24)
    share: float | None = described("Which part that is, from 0 to 1; null of none.", 0.125)
    light: Light | None = described("How that stands; null where there is no share.", "red")


class TileOut(ReadingOut):
    """One tile, of all of the region together."""

    name: TileName = described("Which.", "late")
    title: str = described("In words.", "Passende hulp te laat")
    rule: str = described("When it is green, amber and red.", "Groen tot en met 0%, oranje tot en met 10%.")
    definition: str = described("What is counted.", "Kinderen van wie de termijn verstreek zonder passende hulp.")
    of_definition: str = described("Of what it is a part.", "Kinderen van wie de termijn verstreek.")
    period: str = described("The month or the day that it is of.", "2026-10")
    before: ReadingOut = Field(description="The same a month before.")
    rows: str = described("Where the rows behind it are.", "/v1/insight/norms?region=JZ03&by=municipality")
    completeness: list[CompletenessOut] = described("How complete the figures are.")
    source_at: Moment | None = described("What had been recorded by then is in it.", "2026-11-22T09:00:00Z")
    small_counts: SmallOut | None = Field(description="How small counts are kept from view; null where all is shown.")


class NamedReadingOut(ReadingOut):
    """What a tile says of one municipality or provider."""

    name: TileName = described("Which tile.", "late")


class PartOut(Answer):
    """One municipality, or one provider."""

    code: str = described("Its code, or the provider's id.", "GM0400")
    name: str = described("Its name.", "Den Helder")
    tiles: list[NamedReadingOut] = described("What each tile says of it.")


class PlanOut(Answer):
    """The plan of the region, in counts."""

    counts: ActionCounts = Field(description="Its actions, counted.")
    report: str = described("Where its report of this month is.", "/v1/insight/action-reports/2026-11?region=JZ03")


class Dashboard(Answer):
    """A region on one page."""

    region: str = described("The jeugdregio.", "JZ03")
    name: str = described("Its name.", "Kop van Noord-Holland")
    month: str = described("The last whole month, which the tiles about a month are of.", "2026-10")
    today: date = described("The day that the tiles about a day are of.", "2026-11-22")
    tiles: list[TileOut] = described("The tiles.")
    municipalities: list[PartOut] = described("Each municipality of the region, by name.")
    providers: list[PartOut] = described("Each provider that the figures are of, by name.")
    plan: PlanOut | None = Field(description="The plan of the region; null for whoever may not read it.")
