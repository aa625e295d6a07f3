"""What is checked of every FHIR answer: the resource against the models of `fhir.resources`, errors as outcomes."""

from typing import Any

import httpx
from fhir.resources.R4B import get_fhir_model_class

from tests.conftest import SavepointDatabase

NOTHING = "00000000-0000-4000-8000-000000000000"


def check_resource(content: dict[str, Any]) -> dict[str, Any]:
    """The resource, which must be one of R4.

    The package has no R4 any more; of the resources that we give, R4B (4.3.0) has the same elements as R4 (4.0.1).
    """
    get_fhir_model_class(content["resourceType"]).model_validate(content)
    check_filled(content)
    return content


def check_filled(element: Any) -> None:
    """Nothing in FHIR is null or empty (http://hl7.org/fhir/R4/json.html)."""
    if isinstance(element, dict | list):
        assert element
        for each in element.values() if isinstance(element, dict) else element:
            check_filled(each)
    else:
        assert element is not None
        assert element != ""


def resource(answer: httpx.Response) -> dict[str, Any]:
    """The resource in an answer that must be a success."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    return check_resource(answer.json())


def resources(answer: httpx.Response, mode: str = "match") -> list[dict[str, Any]]:
    """The resources of a searchset, of those with this mode."""
    entries = resource(answer).get("entry", [])
    return [check_resource(entry["resource"]) for entry in entries if entry["search"]["mode"] == mode]


def outcome(answer: httpx.Response, status: int, *codes: str) -> dict[str, Any]:
    """The OperationOutcome in an answer that must be this error, with these codes of issues."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    content = check_resource(answer.json())
    assert content["resourceType"] == "OperationOutcome"
    assert [issue["code"] for issue in content["issue"]] == list(codes)
    return content


def extension_of(element: dict[str, Any], url: str) -> dict[str, Any]:
    """The parts of the one complex extension with this URL, by name; or its value."""
    (found,) = (each for each in element.get("extension", []) if each["url"].endswith(url))
    parts = found.get("extension", [found])
    return {part["url"]: next(value for name, value in part.items() if name.startswith("value")) for part in parts}


async def date_all(database: SavepointDatabase, moment: str) -> None:
    """Sets when every row last changed; the database's own clock, which tests do not set, wrote it."""
    for table in ("offers", "providers", "locations", "placement_stops"):
        await database.connection.exec_driver_sql(f"UPDATE {table} SET updated_at = '{moment}'")  # noqa: S608 - names from above
    await database.connection.exec_driver_sql(f"UPDATE current_capacities SET received_at = '{moment}'")  # noqa: S608 - as above
