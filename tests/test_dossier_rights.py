"""Who gets what of one child's dossier: every operation that keeps something of it, asked by everyone."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import httpx
import jwt
import pytest
from sqlalchemy import func, select

from app.dossiers.audit.tables import AuditEntryRow
from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.dossiers.proposals import scene as proposals
from tests.dossiers.referrals.scene import decide, refer
from tests.dossiers.transfers.scene import add_institution, propose
from tests.dossiers.watches.scene import add_watch, look
from tests.world import World, request_body

Json = dict[str, Any]
Gives = dict[str, int | str]

REFERENCES: Final[Json] = {"childReference": "kind-7731", "careWorker": "werker-7732", "siblingGroup": "gezin-7733"}
"""What only the institution itself may ever see."""

OTHERS: Final[Gives] = dict.fromkeys(
    [
        "provider",
        "other provider",
        "region",
        "expert team",
        "other expert team",
        "supraregion",
        "national",
        "inspectorate",
        "admin",
    ],
    403,
)
OF_INSTITUTION: Final[Gives] = {
    "nobody": 401,
    **OTHERS,
    **dict.fromkeys(["other gi", "local team", "reading team"], 404),
    "gi": 200,
}
"""The institution's own; for those who could have one like it, it does not exist, nor to write for who only reads."""
READ: Final[Gives] = OF_INSTITUTION | {"reading team": 200}
"""Read by a local team as well that the institution shares it with."""
LIST_OF_INSTITUTION: Final[Gives] = OF_INSTITUTION | dict.fromkeys(["other gi", "local team", "reading team"], "empty")
_OF_STEPS: Final[Gives] = dict.fromkeys(["other expert team", "supraregion", "national"], 404)
OF_STEP: Final[Gives] = OF_INSTITUTION | _OF_STEPS | {"expert team": 200}
"""As soon as it was put before the expert team of the child's region, and until help begins."""
READ_OF_STEP: Final[Gives] = OF_STEP | {"reading team": 200}
STANDING: Final[Gives] = OF_STEP | {**dict.fromkeys(["other gi", "gi"], 403), "reading team": 404}
OF_EXPERT_TEAM: Final[Gives] = OF_INSTITUTION | {
    **dict.fromkeys(["other gi", "local team", "reading team", "gi"], 403),
    "other expert team": 404,
    "expert team": 200,
}
OF_BOTH_SIDES: Final[Gives] = OF_INSTITUTION | {"other provider": 404, "provider": 200}
READ_OF_BOTH_SIDES: Final[Gives] = OF_BOTH_SIDES | {"reading team": 200}
LIST_OF_BOTH_SIDES: Final[Gives] = LIST_OF_INSTITUTION | {"other provider": "empty", "provider": 200}
OF_REGION: Final[Gives] = OF_INSTITUTION | {"region": 200, "expert team": 200}
"""What the institution put to the child's region."""
NONE_ELSEWHERE: Final[Gives] = dict.fromkeys(["provider", "other provider", "other expert team"], 404)
EMPTY_ELSEWHERE: Final[Gives] = dict.fromkeys(["provider", "other provider", "other expert team"], "empty")
LESSONS: Final[Gives] = dict.fromkeys(OF_INSTITUTION, "empty") | {
    **dict.fromkeys(["provider", "other provider", "inspectorate", "admin"], 403),
    "nobody": 401,
}
OF_EVERY_INSTITUTION: Final[Gives] = {"nobody": 401, **OTHERS} | dict.fromkeys(
    ["other gi", "local team", "reading team", "gi"], 200
)
"""What every institution does for itself."""
DELIVERIES: Final[Gives] = OF_EVERY_INSTITUTION | dict.fromkeys(
    ["region", "expert team", "other expert team", "supraregion", "inspectorate"], 200
)
"""Itself to an institution; which institutions there are, to those who see that: no child of them."""
AT_TABLE: Final[Gives] = OF_EXPERT_TEAM | {"supraregion": 404}
"""Of whoever's table it lies on; to another table it does not exist."""
TO_ALL: Final[Gives] = {**dict.fromkeys(OF_INSTITUTION, 200), "nobody": 401}

ESCALATION: Final = {"step": "supraregional-network", "reason": "no-suitable-offer", "asked": "Wie heeft een plek?"}
AGREEMENTS: Final = {
    "contactLocalTeamDays": 14,
    "expertTeamDays": 42,
    "referralAnswerDays": 5,
    "escalationLadder": ["expert-team", "supraregional-network"],
}


@dataclass(frozen=True)
class Operation:
    """An operation on the dossier; `gives` says what each caller gets: a status, or a list with nothing in it.

    A list that is given (200) has something in it. Names of ids in braces are put in, in the path and in the body.
    """

    method: str
    path: str
    gives: Gives
    body: Json | list[Json] | None = field(default=None, hash=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


REQUEST: Final = "/requests/{requestId}"
OPERATIONS: Final = (
    Operation("POST", "/requests", {"nobody": 401, **OTHERS, "gi": 200}, request_body()),
    Operation("GET", "/requests", LIST_OF_INSTITUTION | {"reading team": 200}),
    Operation("GET", REQUEST, READ),
    Operation("PATCH", REQUEST, OF_INSTITUTION, {"places": 2}),
    Operation("DELETE", REQUEST + "/proposed-characteristics/{code}", OF_INSTITUTION),
    Operation("PUT", REQUEST + "/milestones/{name}", OF_INSTITUTION, {"date": "2026-11-20"}),
    Operation("DELETE", REQUEST + "/milestones/{name}", OF_INSTITUTION),
    Operation(
        *("POST", REQUEST + "/explanations", OF_INSTITUTION),
        {"clock": "protection-worker", "cause": "staff-shortage", "text": "Niemand vrij."},
    ),
    Operation(  # no help has begun
        *("POST", REQUEST + "/reopenings", OF_INSTITUTION | {"gi": 409}),
        {"neededAgainOn": "2026-11-20", "why": "De plaatsing is afgebroken."},
    ),
    Operation(
        *("POST", REQUEST + "/judgements", OF_INSTITUTION | {"gi": 409}),
        {"by": "family", "fits": "partly", "word": "Te ver van school."},
    ),
    Operation("GET", REQUEST + "/judgements", READ | {"gi": "empty", "reading team": "empty"}),
    Operation("GET", REQUEST + "/history", READ),
    Operation("GET", REQUEST + "/audit-entries", OF_INSTITUTION),
    Operation("GET", REQUEST + "/export", OF_INSTITUTION),
    Operation("DELETE", REQUEST, OF_INSTITUTION | {"gi": 409}),  # it is not closed
    Operation("GET", REQUEST + "/choices", READ),
    Operation("GET", REQUEST + "/matches", READ),
    Operation("GET", REQUEST + "/rankings", READ),
    Operation("GET", REQUEST + "/rankings/{rankingId}", READ),
    Operation("POST", REQUEST + "/escalations", OF_INSTITUTION, ESCALATION),
    Operation("GET", REQUEST + "/escalations", READ_OF_STEP),
    Operation("GET", REQUEST + "/escalations/{escalationId}", READ_OF_STEP),
    Operation("PATCH", REQUEST + "/escalations/{escalationId}", OF_STEP, {"takenBy": "ret-kop"}),
    Operation(
        *("GET", "/escalated-requests"),
        {name: "empty" if gives == 404 else gives for name, gives in STANDING.items()},
    ),
    Operation("GET", "/escalated-requests/{requestId}", STANDING),
    Operation(
        *("GET", "/escalation-counts"),
        {**OF_EXPERT_TEAM, "region": 200, "expert team": 200, "other expert team": "empty"},
    ),
    Operation("GET", "/lessons", LESSONS),
    Operation("GET", REQUEST + "/shares", OF_INSTITUTION),
    Operation("PUT", REQUEST + "/shares/{organisationId}", OF_INSTITUTION, {"may": "escalate"}),
    Operation("DELETE", REQUEST + "/shares/{organisationId}", OF_INSTITUTION),
    Operation(
        *("POST", REQUEST + "/referrals", OF_INSTITUTION),
        {
            "standsFor": "outside",
            "outsideCare": {"kind": "tailored", "description": "Zorgboerderij"},
            "summary": {"urgency": "regular"},
        },
    ),
    Operation("GET", "/referrals", LIST_OF_BOTH_SIDES),
    Operation("GET", "/referrals/{referralId}", READ_OF_BOTH_SIDES),
    Operation("POST", "/referrals/{referralId}/decisions", OF_BOTH_SIDES | {"provider": 403}, {"decision": "withdraw"}),
    Operation("PATCH", "/referrals/{referralId}", OF_INSTITUTION, {"remark": "Graag eerst bellen."}),
    Operation(  # nothing is withdrawn that could be taken back
        *("POST", "/referrals/{referralId}/corrections"),
        OF_BOTH_SIDES | {"gi": 409, "provider": 403, "expert team": 409, "other expert team": 404},
        {"what": "withdraw", "value": None, "why": "Per ongeluk ingetrokken."},
    ),
    Operation("GET", "/referrals/{referralId}/history", READ_OF_BOTH_SIDES),
    Operation(  # it is for this child already
        *("POST", "/referrals/{referralId}/amendments", OF_BOTH_SIDES | {"gi": 400, "provider": 400}),
        {"children": [str(UUID(int=1))], "why": "Zijn zusje ook."},
    ),
    Operation(
        "GET",
        "/referrals/{referralId}/amendments",
        OF_BOTH_SIDES | dict.fromkeys(["gi", "provider", "reading team"], "empty"),
    ),
    Operation(  # nothing was proposed
        *("POST", "/referrals/{referralId}/amendments/{number}/decisions"),
        OF_BOTH_SIDES | {"gi": 404, "provider": 404},
        {"decision": "agree"},
    ),
    Operation("GET", "/notices", LIST_OF_BOTH_SIDES),
    Operation(
        *("GET", "/referral-counts"),
        {
            **OF_EXPERT_TEAM,
            "region": 200,
            "expert team": 200,
            "other expert team": "empty",
        },
    ),
    Operation("POST", REQUEST + "/calls", OF_INSTITUTION, {"careTypes": ["pleegzorg-voltijd"]}),
    Operation("GET", "/calls", LIST_OF_BOTH_SIDES),
    Operation("GET", "/calls/{callId}", READ_OF_BOTH_SIDES),
    Operation("PATCH", "/calls/{callId}", OF_INSTITUTION, {"closedBecause": "answered"}),
    Operation(
        *("POST", "/calls/{callId}/answers"),
        {
            **OF_INSTITUTION,
            **dict.fromkeys(["other gi", "local team", "reading team", "gi"], 403),
            "other provider": 404,
            "provider": 200,
        },
        {"answer": "can", "startOn": "2026-12-14"},
    ),
    Operation("GET", "/calls/{callId}/answers", READ_OF_BOTH_SIDES),
    Operation(
        *("POST", "/watches"),  # the others have no such request
        OF_INSTITUTION | dict.fromkeys(["other gi", "local team", "reading team"], 400),
        {"requestId": "{requestId}", "channels": ["sse"]},
    ),
    Operation("GET", "/watches", LIST_OF_INSTITUTION),
    Operation("GET", "/watches/events", {"nobody": 401, **OTHERS}),  # the stream of others: tests/dossiers/watches
    Operation("GET", "/watches/{watchId}", OF_INSTITUTION),
    Operation("PATCH", "/watches/{watchId}", OF_INSTITUTION, {"label": "Wachten"}),
    Operation("DELETE", "/watches/{watchId}", OF_INSTITUTION),
    Operation("GET", "/watches/{watchId}/matches", OF_INSTITUTION),
    Operation(  # to itself
        *("POST", REQUEST + "/transfers", OF_INSTITUTION | {"gi": 400}),
        {"institution": str(UUID(int=2)), "why": "Verhuisd."},
    ),
    Operation("GET", "/transfers", LIST_OF_INSTITUTION | {"receiver": 200}),
    Operation("GET", "/transfers/{transferId}", OF_INSTITUTION | {"receiver": 200}),
    Operation(
        *("POST", "/transfers/{transferId}/decisions", OF_INSTITUTION | {"gi": 403, "receiver": 200}),
        {"decision": "decline", "why": "Niet van ons."},
    ),
    Operation(
        *("POST", "/waiting-children", OF_EVERY_INSTITUTION),
        [
            {
                "childReference": "kind-9001",
                "birthMonth": "2014-05",
                "gender": "female",
                "municipality": "GM0400",
                "choice1": "gezinshuis",
            }
        ],
    ),
    Operation("GET", "/waiting-children/template", OF_EVERY_INSTITUTION),
    Operation("GET", "/deliveries", DELIVERIES),
    Operation(
        *("POST", "/deliveries", OF_EVERY_INSTITUTION),
        {"month": "2026-11"},
    ),
    Operation("GET", "/breakthrough-list", LIST_OF_INSTITUTION | {"other expert team": "empty", "expert team": 200}),
    Operation(  # not a child of theirs, to another table
        *("POST", "/proposals", AT_TABLE | dict.fromkeys(["other expert team", "supraregion"], 400)),
        {"children": "listed", "requests": ["{requestId}"]},
    ),
    Operation("GET", "/proposals", AT_TABLE | dict.fromkeys(["other expert team", "supraregion"], "empty")),
    Operation("GET", "/proposals/{proposalId}", AT_TABLE),
    Operation("GET", "/proposals/{proposalId}/lines", AT_TABLE),
    Operation("GET", REQUEST + "/proposal-lines", OF_INSTITUTION),
    Operation("GET", "/proposals/{proposalId}/report", AT_TABLE),
    Operation("GET", "/proposals/{proposalId}/case", AT_TABLE),
    Operation(
        *("POST", REQUEST + "/arrangements", OF_INSTITUTION | {"gi": 409}),  # it is asked already
        {"offerId": "{askedOfferId}", "kind": "ceiling-exception", "why": "Enige plek."},
    ),
    Operation(
        "GET",
        "/arrangements",
        OF_REGION | dict.fromkeys(["other gi", "local team", "reading team"], "empty") | EMPTY_ELSEWHERE,
    ),
    Operation("GET", "/arrangements/{arrangementId}", OF_REGION | NONE_ELSEWHERE),
    Operation(  # the region has decided when its expert team does
        *(
            "POST",
            "/arrangements/{arrangementId}/decisions",
            OF_REGION | NONE_ELSEWHERE | {"gi": 403, "expert team": 409},
        ),
        {"decision": "refuse", "why": "Er is elders plek."},
    ),
    Operation(
        "GET", "/arrangement-counts", OF_EXPERT_TEAM | {"region": 200, "expert team": 200, "other expert team": "empty"}
    ),
    Operation("GET", "/regions/{region}/agreements", TO_ALL),
    Operation(
        *("PUT", "/regions/{region}/agreements"),
        {"nobody": 401, **OTHERS, "gi": 403, "region": 200, "expert team": 200, "admin": 200},
        AGREEMENTS,
    ),
)


NOT_OF_A_CHILD: Final = {
    *("Matching", "Free places", "Capacity", "Access", "Reference", "Providers and offers"),
    *("Contracts and placement stops", "Plans", "Webhooks", "Health", "Insight"),
}
"""The groups of operations that keep nothing of a child; those of any other are tried here."""


@dataclass(frozen=True)
class Scene:
    """A dossier over the norm, before its expert team, referred and called for once; and all who could ask for it."""

    ids: dict[str, str]
    callers: dict[str, dict[str, str]]


@pytest.fixture
async def scene(world: World) -> Scene:
    offer, other = await world.contracted_offer(), await world.add_offer()
    request = await world.add_request(**REFERENCES)
    path = f"/v1/requests/{request['id']}"
    ranking = await world.ok(world.http.get(f"{path}/matches", headers=world.gi))
    referral = await refer(world, offer, request)
    await world.ok(decide(world, referral, "see"))
    refused = await refer(world, await world.contracted_offer(), request)
    await world.ok(decide(world, refused, "decline", reason="contra-indication", criteria=["weglopen"]))
    await world.add_offer(offer["providerId"], careType="pleegzorg-voltijd")
    call = await world.ok(world.http.post(f"{path}/calls", json={}, headers=world.gi))
    answers, answer = f"/v1/calls/{call['id']}/answers", {"answer": "can", "startOn": "2026-12-14"}
    await world.ok(world.http.post(answers, json=answer, headers=world.provider(offer["providerId"])))
    await world.report(offer)
    watch = await add_watch(world, requestId=request["id"])
    await look(world)
    body = ESCALATION | {"step": "expert-team", "skipReason": "Al betrokken."}
    escalation = await world.ok(world.http.post(f"{path}/escalations", json=body, headers=world.gi))
    full = await world.add_offer()
    await world.add_contract(full["providerId"], ceiling={"reached": True})
    body = {"offerId": full["id"], "kind": "ceiling-exception", "why": "Enige plek."}
    arrangement = await world.ok(world.http.post(f"{path}/arrangements", json=body, headers=world.gi))
    proposal = await proposals.made(world, world.expert_team("JZ03"))
    receiver = await add_institution(world)
    transfer = await world.ok(propose(world, request, receiver.id))
    team = await add_organisation(world, name="Wijkteam", role="local-team")
    shared = world.gi | {"If-Match": "*"}
    await world.ok(world.http.put(f"{path}/shares/{team['id']}", json={"may": "read"}, headers=shared))
    return Scene(
        ids={
            "arrangementId": arrangement["id"],
            "askedOfferId": full["id"],
            "transferId": transfer["id"],
            "proposalId": proposal["id"],
            "organisationId": team["id"],
            "requestId": request["id"],
            "rankingId": ranking["rankingId"],
            "referralId": referral["id"],
            "callId": call["id"],
            "watchId": watch["id"],
            "escalationId": escalation["id"],
            "name": "course",
            "code": "weglopen",
            "number": "1",
            "region": "JZ03",
        },
        callers={
            "nobody": {},
            "provider": world.provider(offer["providerId"]),
            "other provider": world.provider(other["providerId"]),
            "other gi": world.as_(Role.GI, organisation_id=UUID(int=77)),
            "local team": world.as_(Role.LOCAL_TEAM),
            "region": world.region("JZ03"),
            "expert team": world.expert_team("JZ03"),
            "other expert team": world.expert_team("JZ06"),
            "reading team": world.as_(Role.LOCAL_TEAM, organisation_id=UUID(team["id"])),
            "supraregion": world.as_(Role.SUPRAREGION),
            "national": world.as_(Role.NATIONAL),
            "inspectorate": world.as_(Role.INSPECTORATE),
            "admin": world.admin,
            "gi": world.gi,
            "receiver": receiver.headers,
        },
    )


async def ask(world: World, scene: Scene, operation: Operation, caller: str) -> httpx.Response:
    path = "/v1" + operation.path.format(**scene.ids)
    headers = scene.callers[caller] | ({"If-Match": "*"} if operation.method in {"PATCH", "PUT", "DELETE"} else {})
    body: Any = operation.body
    if isinstance(operation.body, dict):
        body = {name: _filled(value, scene) for name, value in operation.body.items()}
    return await world.http.request(operation.method, path, json=body, headers=headers)


def _filled(value: Any, scene: Scene) -> Any:
    """What is sent, with ids in the place of their names."""
    if isinstance(value, list):
        return [_filled(each, scene) for each in value]
    return value.format(**scene.ids) if isinstance(value, str) else value


def _is(answer: httpx.Response, gives: int | str) -> bool:
    if gives not in {200, "empty"}:
        return answer.status_code == gives
    is_json = answer.headers.get("content-type", "") == "application/json"
    content = answer.json() if answer.is_success and answer.content and is_json else {}
    counted = content.get("byStatus", content.get("byKind", content.get("byStep")))
    listed = content.get("items", counted)
    if gives == "empty":
        return listed == []
    return answer.is_success and listed != []


READS: Final = [each for each in OPERATIONS if each.method == "GET"]
WRITES: Final = [each for each in OPERATIONS if each.method != "GET"]


async def test_everyone_reads_what_is_theirs_and_no_more(world: World, scene: Scene) -> None:
    for operation in READS:
        await _ask_as_everyone(world, scene, operation)


@pytest.mark.parametrize("operation", WRITES, ids=str)
async def test_everyone_writes_what_is_theirs_and_no_more(world: World, scene: Scene, operation: Operation) -> None:
    await _ask_as_everyone(world, scene, operation)


async def _ask_as_everyone(world: World, scene: Scene, operation: Operation) -> None:
    for caller in scene.callers:
        gives = operation.gives.get(caller)
        if gives is None:
            continue
        logged = await _last_entry(world)
        answer = await ask(world, scene, operation, caller)
        assert _is(answer, gives), f"{caller}: {operation}: {answer.status_code} {answer.text}"
        if answer.is_success and gives == 200 and str(operation) not in SHOWS_NO_DOSSIER:
            await _check_logged(world, scene, operation, caller, answer, logged)
        if caller not in {"gi", "nobody"}:
            assert not any(reference in answer.text for reference in REFERENCES.values()), caller


SHOWS_NO_DOSSIER: Final = {
    *("GET /escalation-counts", "GET /referral-counts", "GET /arrangement-counts"),
    *("GET /lessons", "GET /deliveries", "POST /deliveries", "GET /waiting-children/template"),
    *("GET /regions/{region}/agreements", "PUT /regions/{region}/agreements"),
    "GET /requests/{requestId}/audit-entries",  # the log itself
    *("GET /proposals", "GET /proposals/{proposalId}", "GET /proposals/{proposalId}/report"),
}
"""Operations that show and change no dossier, however many of its rows they count."""
MAKES_ANOTHER: Final = {"POST /requests", "POST /waiting-children"}


async def _last_entry(world: World) -> int:
    async with world.parts.database.read() as session:
        return await session.scalar(select(func.max(AuditEntryRow.id))) or 0


async def _check_logged(
    world: World, scene: Scene, operation: Operation, caller: str, answer: httpx.Response, after: int
) -> None:
    """Who got something of the dossier is in its audit log, with what it was done."""
    entry = AuditEntryRow
    statement = select(entry).where(entry.id > after, entry.ground != "service")
    if str(operation) not in MAKES_ANOTHER:
        statement = statement.where(entry.dossier_id == UUID(scene.ids["requestId"]))
    async with world.parts.database.read() as session:
        made = (await session.scalars(statement)).all()
    assert made, f"{caller} is not in the audit log"
    token = scene.callers[caller]["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    for each in made:
        assert (str(each.organisation_id), each.client_id) == (claims["organisation"], claims["sub"])
        assert each.operation == f"{operation.method} {operation.path}"
        assert each.trace_id == answer.headers["traceparent"].split("-")[1]
    assert operation.method == "GET" or any(each.action != "R" for each in made), f"{caller} changed nothing"


def test_no_operation_is_left_out(world: World) -> None:
    documented = {
        (method.upper(), path.removeprefix("/v1"))
        for path, methods in world.app.openapi()["paths"].items()
        for method, operation in methods.items()
        if not NOT_OF_A_CHILD & set(operation["tags"])
    }
    assert documented
    assert {(operation.method, operation.path) for operation in OPERATIONS} == documented
