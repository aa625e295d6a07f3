"""A route is worked out when it is asked for, once, wherever it is served."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from app.kit.http.late_routes import LateRoute, include


async def _told(name: str) -> dict[str, str]:
    return {"name": name}


def router() -> APIRouter:
    made = APIRouter(route_class=LateRoute)
    made.add_api_route("/things/{name}", _told)
    return made


def is_worked_out(route: object) -> bool:
    return "dependant" in vars(route)


def serving(things: APIRouter) -> FastAPI:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    include(app, things, "/v1")
    return app


async def test_it_is_worked_out_at_the_first_request_for_it() -> None:
    app = serving(router())
    [route] = app.routes
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/v1/elsewhere")).status_code == 404
        assert (await client.post("/v1/things/a")).status_code == 405
        assert not is_worked_out(route)
        assert (await client.get("/v1/things/a")).json() == {"name": "a"}
    assert is_worked_out(route)


def test_applications_share_it() -> None:
    things = router()
    assert serving(things).routes[0] is serving(things).routes[0]


def test_it_says_where_it_is_served_and_how_it_was_written() -> None:
    [route] = serving(router()).routes
    assert isinstance(route, LateRoute)
    assert (route.path, route.declared_path, route.methods) == ("/v1/things/{name}", "/things/{name}", {"GET"})


def test_what_it_has_not_is_no_endless_question() -> None:
    [route] = router().routes
    assert not hasattr(route, "nothing")


def test_another_kind_of_route_is_refused() -> None:
    plain = APIRouter()
    plain.add_api_route("/things", _told)
    with pytest.raises(TypeError, match="LateRoute"):
        include(FastAPI(), plain)
