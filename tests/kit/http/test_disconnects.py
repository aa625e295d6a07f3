"""A client that goes away before all of its body is here is no failure of ours, in logs and metrics neither."""

import asyncio
import socket

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from app.kit.database.sessions import connect
from app.kit.http.middleware import CLIENT_GONE
from app.main import create_app
from app.settings import Settings
from tests.http import serving_http

REQUESTS = {
    "JSON": ("PUT", "/v1/offers/5b1c2d3e-4f50-4e0e-9a2a-7d3f6c1e4a0e/capacity", "application/json"),
    "JSON of a creation": ("POST", "/v1/providers", "application/json"),
    "many": ("POST", "/v1/capacity-reports", "application/json"),
    "a file": ("POST", "/v1/capacity-reports", "text/csv"),
    "a form": ("POST", "/v1/oauth/token", "application/x-www-form-urlencoded"),
    "a form of a page": ("POST", "/afmelden", "application/x-www-form-urlencoded"),
    "a form with a file": ("POST", "/mijn-aanbod/plakken", "multipart/form-data; boundary=b"),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_client_that_goes_away_in_mid_body(name: str, settings: Settings, fresh_database_url: str) -> None:
    method, path, media_type = REQUESTS[name]
    async with serving_http(create_app(settings, database=connect(fresh_database_url, pool_size=2))) as served:
        head = [f"{method} {path} HTTP/1.1", "Host: test", "Content-Length: 1000", f"Content-Type: {media_type}"]
        head += [f"{name}: {value}" for name, value in served.admin.items()]
        with capture_logs() as logs:
            with socket.create_connection(("127.0.0.1", served.port)) as client:
                client.sendall(("\r\n".join(head) + '\r\n\r\n{"placesFree": ').encode())
            while not any(each["event"] == "request.done" for each in logs):  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0)
    [done] = [each for each in logs if each["event"] == "request.done"]
    assert "request.failed" not in {each["event"] for each in logs}
    assert done["status"] in {CLIENT_GONE, 401, 403}, "or refused before it was read"
    labels = {"method": method, "route": done["route"], "status": "500"}
    assert not REGISTRY.get_sample_value("wijzer_requests_total", labels)
