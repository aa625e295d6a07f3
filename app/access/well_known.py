"""Where clients and resource servers find how tokens are given and checked: RFC 8414 and RFC 7517."""

from typing import Any

from fastapi import Request, Response

from app.access.token_errors import PATH
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.respond import origin_of, respond
from app.kit.http.rights import OPEN
from app.kit.http.routing import router as make_router

router = make_router("Access", OPEN)
_JWKS = "/.well-known/jwks.json"
_OPEN = "public, max-age=3600"


@router.get("/.well-known/oauth-authorization-server", include_in_schema=False)
async def get_metadata(request: Request) -> Response:
    """The metadata of this authorization server."""
    tokens = parts_of(request.app, KitParts).tokens
    origin = origin_of(request)
    content: dict[str, Any] = {
        "issuer": tokens.issuer(origin),
        "token_endpoint": origin + PATH,
        "jwks_uri": origin + _JWKS,
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "service_documentation": f"{origin}/v1/openapi.json",
    }
    return respond(request, content, cache=_OPEN, headers={"Access-Control-Allow-Origin": "*"})


@router.get(_JWKS, include_in_schema=False)
async def get_keys(request: Request) -> Response:
    """The public key that tokens of this service are checked with."""
    tokens = parts_of(request.app, KitParts).tokens
    return respond(request, {"keys": [tokens.public_key]}, cache=_OPEN, headers={"Access-Control-Allow-Origin": "*"})
