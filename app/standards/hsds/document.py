"""The OpenAPI document of the HSDS interface, which the standard asks for apart: its names are not those of ours."""

from typing import Any, Final

from app.kit.http import openapi
from app.standards.hsds.endpoints import PATH, router

_DESCRIPTION: Final = """\
Offers of youth care as Open Referral HSDS 3.1 (https://docs.openreferral.org/en/3.1/), read-only, by its API Reference:
its paths, query keys, pages and objects. Capacity takes a token; where the service is open to the public, what is asked
without one has no capacities.
"""
_TAGS: Final = {"HSDS": "The endpoints of the API Reference, and locations."}


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of what is under /hsds."""
    content = openapi.describe(
        router.routes, PATH, title="Beschikbaarheidswijzer: HSDS 3.1", description=_DESCRIPTION, tags=_TAGS
    )
    content["paths"]["/"]["get"]["operationId"] = "get_api_info"
    for scheme in content["components"]["securitySchemes"].values():
        scheme["flows"]["clientCredentials"]["tokenUrl"] = "/v1/oauth/token"
    for node in openapi.nodes_of(content):
        _left_out(node)
    return content


def _left_out(node: dict[str, Any]) -> None:
    """What is not known is left out and never null, in questions as in answers."""
    if isinstance(node.get("type"), list):
        node["type"] = next(each for each in node["type"] if each != "null")
    options = node.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        (only,) = [each for each in options if each != {"type": "null"}]
        del node["anyOf"]
        node |= {name: value for name, value in only.items() if name not in node}
    if "default" in node and node["default"] is None:
        del node["default"]
