"""Organisations and clients made through the API, and the tokens that they ask for."""

from itertools import count
from typing import Any

import httpx

from tests.world import World

SECRET = "Vb7n0m5Y2qK8sR1tW4xZ6cD9fG3hJ0lP"
"""A client's secret, of the shortest length that is taken."""

_numbers = count(1)


async def add_organisation(world: World, **fields: Any) -> dict[str, Any]:
    """An organisation: a GI, unless said."""
    body = {"name": f"Organisatie {next(_numbers)}", "role": "gi", **fields}
    return await world.ok(world.http.post("/v1/organisations", json=body, headers=world.admin))


async def put_client(
    world: World, organisation: dict[str, Any], name: str, secret: str = SECRET, **headers: str
) -> httpx.Response:
    """The answer to making a client."""
    path = f"/v1/organisations/{organisation['id']}/clients/{name}"
    return await world.http.put(path, json={"secret": secret}, headers=world.admin | headers)


async def add_client(world: World, name: str, secret: str = SECRET, **fields: Any) -> dict[str, Any]:
    """A client with this name and secret, of a new organisation with these fields; the organisation."""
    organisation = await add_organisation(world, **fields)
    answer = await put_client(world, organisation, name, secret)
    assert answer.status_code == 201, answer.text
    return organisation


async def ask_token(world: World, name: str, secret: str = SECRET, **fields: str) -> httpx.Response:
    """The answer to asking for a token with a form."""
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret, **fields}
    return await world.http.post("/v1/oauth/token", data=form)


async def get_token(world: World, name: str, secret: str = SECRET) -> str:
    """A token for a client."""
    content = await world.ok(ask_token(world, name, secret))
    return str(content["access_token"])
