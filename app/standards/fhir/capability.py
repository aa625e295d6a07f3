"""What the FHIR side can do, as a CapabilityStatement (http://hl7.org/fhir/R4/capabilitystatement.html)."""

from typing import Final

from app import VERSION as OWN_VERSION
from app.standards.fhir.definitions import DATE, PUBLISHER
from app.standards.fhir.definitions import TYPES as DEFINITION_TYPES
from app.standards.fhir.elements import Element
from app.standards.fhir.parameters import (
    INCLUDES,
    PARAMETERS,
    TYPES,
    Type,
    definition,
)
from app.standards.fhir.vocabulary import (
    MEDIA_TYPE,
    TERMINOLOGY,
    VERSION,
    coding,
)

_OAUTH_URIS: Final = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
_READS: Final = [{"code": "read"}, {"code": "search-type"}]


def capability_statement(base: str, token_url: str) -> Element:
    """The statement of the service at this absolute URL, whose tokens come from `token_url`."""
    oauth = coding(f"{TERMINOLOGY}/restful-security-service", "OAuth", "OAuth")
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": DATE,
        "publisher": PUBLISHER,
        "kind": "instance",
        "software": {"name": "beschikbaarheidswijzer", "version": OWN_VERSION},
        "implementation": {"description": "Free places in Dutch youth care, read-only", "url": base},
        "fhirVersion": VERSION,
        "format": [MEDIA_TYPE, "json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "The bulk manifest of SMART Scheduling Links is at [base]/$bulk-publish.",
                "security": {
                    "extension": [
                        {"url": _OAUTH_URIS, "extension": [{"url": "token", "valueUri": token_url}]},
                    ],
                    "service": [{"coding": [oauth], "text": "OAuth 2 client credentials, bearer tokens"}],
                },
                "resource": [*map(_resource, TYPES), *map(_definition, DEFINITION_TYPES)],
            }
        ],
    }


def _resource(type_: Type) -> Element:
    parameters = [
        {"name": name, "definition": definition(type_, name), "type": "token" if kind == "id" else kind}
        for name, kind in PARAMETERS[type_].items()
    ]
    includes = list(INCLUDES[type_])
    return {
        "type": type_,
        "profile": f"http://hl7.org/fhir/StructureDefinition/{type_}",
        "interaction": _READS,
        "versioning": "versioned",
        "readHistory": False,
        "updateCreate": False,
        "conditionalCreate": False,
        "conditionalRead": "full-support",
        "conditionalUpdate": False,
        "referencePolicy": ["literal", "logical"],
        **({"searchInclude": includes} if includes else {}),
        "searchParam": parameters,
    }


def _definition(type_: str) -> Element:
    url = {"name": "url", "definition": "http://hl7.org/fhir/SearchParameter/conformance-url", "type": "uri"}
    return {"type": type_, "interaction": _READS, "versioning": "no-version", "searchParam": [url]}
