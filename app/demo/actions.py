"""The demo plans: three actions of a region and a supraregion, and a target line, told to the service on their days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.demo.clients import caller_of
from app.demo.rows import dice
from app.demo.working_hours import moment_on, past_opening
from app.domain.dates import add_months
from app.insight.plans.schemas import ActionIn, ActionPatch
from app.insight.plans.service import add_action, change_action
from app.insight.targets.schemas import TargetIn
from app.insight.targets.service import add_target
from app.kit.database.sessions import WriteSession

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """An action of a demo client: due in so many days, added so many days ago, and what changed since, by days ago."""

    client_id: str
    due_in: int
    added: int
    fields: Json
    changes: dict[int, Json]


_NEARBY: Final = {"number": 1, "title": "Passende hulp dichtbij"}
_SECURE: Final = {"number": 3, "title": "Minder gesloten plaatsingen"}
_TARGET_CLIENT: Final = "demo-supraregion"
_TARGET_ADDED: Final = 80

ACTIONS: Final = (
    # begun in time, and slower than was hoped
    Action(
        *("demo-region", 120, 75),
        fields={
            "direction": _NEARBY,
            "title": "Gezinshuizen werven in de Kop",
            "owner": "Projectleider gezinsgericht",
            "result": "Zes nieuwe plekken in gezinshuizen, waarvan twee voor broers en zussen samen.",
            "figures": [{"name": "norms.helpLate"}, {"name": "capacity.placesTotal", "careType": "gezinshuis"}],
        },
        changes={
            45: {"status": "running", "word": "De werving is begonnen."},
            12: {"light": "amber", "word": "Twee gezinshuizen zijn gevonden; van de derde is de huur onzeker."},
        },
    ),
    # past its day
    Action(
        *("demo-region", -10, 70),
        fields={
            "direction": _NEARBY,
            "title": "Elke week overleg over wie op hulp wacht",
            "owner": "Toegang jeugdhulp",
            "result": "Van elke jeugdige die wacht weten lokaal team en instelling samen wat er gebeurt.",
            "status": "running",
            "figures": [{"name": "norms.courseLate"}, {"name": "escalations.open"}],
        },
        changes={
            40: {"light": "amber", "word": "Nog niet alle lokale teams doen mee."},
            8: {"light": "red", "word": "De datum is niet gehaald; een nieuwe volgt na het overleg met de teams."},
        },
    ),
    # of the regions together, on course
    Action(
        *("demo-supraregion", 300, 60),
        fields={
            "direction": _SECURE,
            "title": "Kleinschalige plekken in de plaats van gesloten groepen",
            "owner": "Programma jeugdhulp Noord-Holland",
            "result": "Elke gesloten groep die sluit heeft een kleinschalige plek ervoor in de plaats.",
            "figures": [
                {"name": "capacity.placesTotal", "careType": "jeugdzorgplus"},
                {"name": "capacity.placesTotal", "careType": "kleinschalige-woonvorm"},
            ],
        },
        changes={30: {"status": "running", "word": "De eerste groep is omgebouwd."}},
    ),
)


def target_of(today: date) -> Json:
    """The body of the target line: from a year ago to a year from now."""
    return {
        "title": "Minder gesloten plekken",
        "source": "Plan jeugdhulp Noord-Holland (voorbeeld), oplossingsrichting 3",
        "careTypes": ["jeugdzorgplus"],
        "bound": "at-most",
        "points": [
            {"on": add_months(today, -12).isoformat(), "places": 60},
            {"on": add_months(today, 12).isoformat(), "places": 40},
        ],
    }


async def tell_plans(connection: AsyncConnection, today: date) -> None:
    """Tells the plans, each step on its day, in the transaction of the connection, which stays the caller's to end."""
    async with AsyncSession(connection, expire_on_commit=False, autoflush=False) as opened:
        session = WriteSession(opened)
        added = _moment(today, _TARGET_ADDED)
        target = TargetIn.model_validate_json(orjson.dumps(target_of(today)))
        await add_target(session, caller_of(_TARGET_CLIENT), target, added)
        for action in ACTIONS:
            await _tell(session, action, today)


async def _tell(session: WriteSession, action: Action, today: date) -> None:
    caller, due = caller_of(action.client_id), {"dueOn": (today + timedelta(days=action.due_in)).isoformat()}
    body = ActionIn.model_validate_json(orjson.dumps(action.fields | due))
    row = await add_action(session, caller, body, _moment(today, action.added))
    for days_ago, fields in action.changes.items():
        patch = ActionPatch.model_validate_json(orjson.dumps(fields))
        await change_action(session, caller, row.id, patch, "*", _moment(today, days_ago))


def _moment(today: date, days_ago: int) -> datetime:
    past = past_opening(dice("plan", days_ago))
    return moment_on(today - timedelta(days=days_ago), past)
