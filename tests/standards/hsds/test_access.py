"""Who may read, what is refused, and how answers are kept."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.kit.database.sessions import connect
from app.kit.security.callers import Role
from app.settings import Settings
from app.standards.hsds.identifiers import service_at_location_id
from tests.conftest import SettableClock, serving
from tests.world import World, codes, problem

PRIVATE = ("services", "service_at_locations", "organizations", "locations")
OPEN = ("", "/", "/taxonomies", "/taxonomy_terms", "/openapi.json")
NOBODY = "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"


@pytest.mark.parametrize("path", [f"{each}{end}" for each in PRIVATE for end in ("", f"/{NOBODY}", "?format=ndjson")])
async def test_needs_a_token(world: World, path: str) -> None:
    problem(await world.http.get(f"/hsds/{path}"), 401, "unauthenticated")
    wrong = {"Authorization": "Bearer no.token.atall"}
    problem(await world.http.get(f"/hsds/{path}", headers=wrong), 401, "unauthenticated")


@pytest.mark.parametrize("role", list(Role), ids=str)
async def test_every_professional_reads_it(world: World, role: Role) -> None:
    offer = await world.add_offer()
    for path in PRIVATE:
        page = await world.ok(world.http.get(f"/hsds/{path}", headers=world.as_(role)))
        assert page["total_items"] == 1
    service = await world.ok(world.http.get(f"/hsds/services/{offer['id']}", headers=world.as_(role)))
    assert service["capacities"] == []


@pytest.mark.parametrize("path", OPEN)
async def test_what_it_is_and_the_taxonomies_are_open_to_all(world: World, path: str) -> None:
    answer = await world.http.get(f"/hsds{path}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=3600"
    kept = await world.http.get(f"/hsds{path}", headers={"If-None-Match": answer.headers["etag"]})
    assert (kept.status_code, kept.content) == (304, b"")


async def test_the_public_gets_no_counts_and_no_notes(public_world: World) -> None:
    offer = await public_world.add_offer()
    await public_world.report(offer, placesTotal=41, placesFree=37, waitingCount=29, note="Vraag naar Noord.")
    paths = ("services?full=true", "services?full=true&format=ndjson", f"services/{offer['id']}")
    organization = f"organizations/{offer['providerId']}?full_service=true"
    link = service_at_location_id_of(offer)
    for path in (*paths, organization, "organizations?full_service=true", f"service_at_locations/{link}"):
        public = await public_world.http.get(f"/hsds/{path}")
        assert public.status_code == 200
        assert "capacities" not in public.text
        assert "Noord" not in public.text
        assert not {"41", "37", "29"} & set(_numbers(public.text))
        assert public.headers["cache-control"] == "public, max-age=60"
        professional = await public_world.http.get(f"/hsds/{path}", headers=public_world.gi)
        assert '"available":37' in professional.text
        assert "Vraag naar Noord." in professional.text
        assert professional.headers["cache-control"] == "private, no-cache"
        assert "Authorization" in professional.headers["vary"]


def _numbers(text: str) -> list[str]:
    return [part.split(":")[-1] for part in text.replace("}", ",").split(",")]


def service_at_location_id_of(offer: dict[str, Any]) -> str:
    """The id that the offer has as a service at a location."""
    return str(service_at_location_id(UUID(offer["id"])))


@pytest.mark.parametrize("path", [*PRIVATE, "taxonomies", "taxonomy_terms"])
async def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    for id_ in (NOBODY, "no-uuid", "%C3%A9"):
        problem(await world.http.get(f"/hsds/{path}/{id_}", headers=world.gi), 404, "not-found")
    problem(await world.http.get(f"/hsds/{path}/", headers=world.gi), 404, "not-found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_it_is_for_reading_only(world: World, method: str) -> None:
    offer = await world.add_offer()
    for path in ("/hsds/services", f"/hsds/services/{offer['id']}", "/hsds/organizations"):
        answer = await world.http.request(method, path, headers=world.admin, json={})
        problem(answer, 405, "method-not-allowed")
        assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("services?page=0", {"#/query/page": "out-of-range"}),
        ("services?page=een&per_page=201", {"#/query/page": "type", "#/query/per_page": "out-of-range"}),
        ("services?perPage=5", {"#/query/perPage": "unknown-query-key"}),
        ("services?format=xml", {"#/query/format": "unknown-code"}),
        ("services?full=misschien", {"#/query/full": "type"}),
        ("services?minimal=true&full=true", {"#/query/minimal": "contradiction"}),
        ("services?format=ndjson&page=1&per_page=5", {"#/query/page": "no-pages", "#/query/per_page": "no-pages"}),
        ("taxonomies?format=ndjson&page=1", {"#/query/page": "no-pages"}),
        ("services?modified_after=gisteren", {"#/query/modified_after": "format"}),
        ("services?modified_after=2026-11-22T10:00:00-00:00", {"#/query/modified_after": "format"}),
        ("services?modified_after=2026-11-22t10:00:00z", {"#/query/modified_after": "format"}),
        ("services?modified_after=2026-11-22+10:00:00", {"#/query/modified_after": "format"}),
        ("services?modified_after=20261122", {"#/query/modified_after": "format"}),
        ("services?modified_after=2026-W47-7", {"#/query/modified_after": "format"}),
        ("services?modified_after=2026-11-22T10", {"#/query/modified_after": "format"}),
        ("services?modified_after=0001-01-01T00:00:00%2B10:00", {"#/query/modified_after": "format"}),
        (
            "services?taxonomy_id=1&organization_id=2",
            {"#/query/taxonomy_id": "format", "#/query/organization_id": "format"},
        ),
        ("services?search=kind+123456782", {"#/query/search": "bsn"}),
        ("services?search=nul%00", {"#/query/search": "control-character"}),
        ("organizations?minimal=true", {"#/query/minimal": "unknown-query-key"}),
        ("organizations/{id}?full=true", {"#/query/full": "unknown-query-key"}),
        ("services/{id}?full=true", {"#/query/full": "unknown-query-key"}),
        ("service_at_locations?proximity=100", {"#/query/proximity": "needs-postcode"}),
        ("service_at_locations?postcode=1000", {"#/query/postcode": "unknown-postcode"}),
        ("service_at_locations?postcode=1781&proximity=ver", {"#/query/proximity": "type"}),
        ("service_at_locations?postcode=1781&proximity=nan", {"#/query/proximity": "type"}),
    ],
)
async def test_refuses_a_wrong_question(world: World, query: str, errors: dict[str, str]) -> None:
    answer = await world.http.get(f"/hsds/{query.format(id=uuid4())}", headers=world.gi)
    assert codes(answer) == errors


async def test_who_has_an_answer_already_gets_304_until_it_changes(world: World) -> None:
    offer = await world.add_offer()
    paths = [
        f"services/{offer['id']}",
        "services?full=true",
        f"service_at_locations/{service_at_location_id_of(offer)}",
    ]
    for number, path in enumerate(paths):
        await world.report(offer, placesFree=number)
        first = await world.http.get(f"/hsds/{path}", headers=world.gi)
        headers = world.gi | {"If-None-Match": first.headers["etag"]}
        kept = await world.http.get(f"/hsds/{path}", headers=headers)
        assert (kept.status_code, kept.content, kept.headers["etag"]) == (304, b"", first.headers["etag"])
        await world.report(offer, placesFree=number + 1)
        changed = await world.http.get(f"/hsds/{path}", headers=headers)
        assert changed.status_code == 200
        assert changed.headers["etag"] != first.headers["etag"]


async def test_texts_are_in_the_language_asked_for(world: World) -> None:
    offer = await world.add_offer(ageMin=4)
    path, english = f"/hsds/services/{offer['id']}", world.gi | {"Accept-Language": "en"}
    dutch = await world.ok(world.http.get(path, headers=world.gi))
    assert dutch["eligibility_description"] == "Jeugdigen van 4 tot en met 17 jaar."
    service = await world.ok(world.http.get(path, headers=english))
    assert service["eligibility_description"] == "Children of 4 up to and including 17 years."
    term = service["attributes"][0]["taxonomy_term"]
    assert (term["name"], term["language"]) == ("Family-style group home", "en")
    assert term["id"] == dutch["attributes"][0]["taxonomy_term"]["id"]


async def test_head_is_get_without_a_body(world: World) -> None:
    await world.add_offer()
    for path in ("services", "services?format=ndjson"):
        read = await world.http.get(f"/hsds/{path}", headers=world.gi)
        head = await world.http.head(f"/hsds/{path}", headers=world.gi)
        assert head.status_code == 200
        assert head.headers["content-type"] == read.headers["content-type"]
        assert head.headers.get("etag") == read.headers.get("etag")


async def test_a_stream_that_cannot_begin_says_why(settings: Settings, away_url: str, clock: SettableClock) -> None:
    database = connect(away_url)
    async with serving(settings, database, clock) as away:
        for path in ("services?format=ndjson", "services"):
            problem(await away.http.get(f"/hsds/{path}", headers=away.gi), 503, "unavailable")
    await database.engine.dispose()
