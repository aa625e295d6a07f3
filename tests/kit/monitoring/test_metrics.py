"""Counts by route template: a caller cannot make up new ones."""

import os
import subprocess
import sys
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.world import World, match_request

Counts = dict[tuple[str, str, str], float]


async def requests(world: World) -> Counts:
    """How many requests were answered, by method, route and status."""
    answer = await world.http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == "wijzer_requests_total"
    }


async def added(world: World, *asked: tuple[str, str]) -> Counts:
    """What asking for these (method, path) adds, besides the metrics themselves."""
    before = await requests(world)
    for method, path in asked:
        await world.http.request(method, path)
    after = await requests(world)
    grown = {key: value - before.get(key, 0) for key, value in after.items()}
    return {key: value for key, value in grown.items() if value and key[1] != "/metrics"}


async def test_a_route_is_counted_by_its_template(world: World) -> None:
    counts = await added(
        world, ("GET", "/v1/postcodes/1781"), ("GET", "/v1/postcodes/1782"), ("GET", "/v1/postcodes/abc")
    )
    assert {(method, status): value for (method, _, status), value in counts.items()} == {
        ("GET", "200"): 2,
        ("GET", "400"): 1,
    }
    (route,) = {route for _, route, _ in counts}
    assert route.endswith("/postcodes/{pc4}")


async def test_a_path_that_is_none_is_not_named(world: World) -> None:
    asked = [("GET", "/v1/Pietje"), ("GET", "/v1/postcodes/1781/"), ("POST", "/Wilhelmina")]
    assert await added(world, *asked) == {("GET", "unknown", "404"): 2, ("POST", "unknown", "404"): 1}


async def test_a_method_that_is_none_is_not_named(world: World) -> None:
    counts = await added(world, ("PIETJE", "/v1/regions"), ("WILHELMINA", "/v1/regions"), ("OTHER", "/v1/x"))
    assert {(method, status): value for (method, _, status), value in counts.items()} == {
        ("other", "405"): 2,
        ("other", "404"): 1,
    }


async def test_the_time_of_each_request_is_measured(world: World) -> None:
    async def measured() -> float:
        text = (await world.http.get("/metrics")).text
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "wijzer_request_duration_seconds_count" and "regions" in sample.labels["route"]
        )

    before = await measured()
    await world.http.get("/v1/regions")
    assert await measured() == before + 1


async def test_no_label_holds_what_was_asked(world: World) -> None:
    await world.http.post("/v1/matches", json=match_request(), headers=world.gi)
    await world.http.get("/v1/postcodes/1786?child=Pietje")
    families = text_string_to_metric_families((await world.http.get("/metrics")).text)
    labels = {value for family in families for sample in family.samples for value in sample.labels.values()}
    for value in ("Pietje", "1786", "GM0400", "gezinshuis", "test-gi"):
        assert not any(value in label for label in labels)


def test_several_workers_are_counted_together(tmp_path: Path) -> None:
    program = (
        "from app.kit.monitoring import metrics; metrics.MATCHES.labels('standard').inc(); "
        "print(metrics.exposition().decode())"
    )
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for workers in (1, 2):
        run = subprocess.run(  # noqa: S603 -- our own program
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        assert f'wijzer_matches_total{{policy="standard"}} {workers}.0' in run.stdout
