"""What the OpenAPI document says of all operations alike: who we are, the groups, the errors and the headers."""

from typing import Any

from app import VERSION

DESCRIPTION = """\
Free places in Dutch youth care: providers publish capacity and waiting lists, referrers find what is free, and a
jeugdbeschermer gets the contracted offers for a child ranked against her first, second and third choice, with the
reason for every place. It advises; a person decides. It holds no name, birth date or BSN of any child.

The offers are also published as Open Referral HSDS 3.1, outside this document, in the standard's own names: see
`/hsds`, and `/hsds/openapi.json` for what it can be asked.

A request can be refused before any operation sees it, with a problem, after which the connection closes: 400
`malformed-request`, 408 `request-timeout`, 414 `uri-too-long` (over 8 KiB), 431 `headers-too-large` (64 KiB, or 100).
"""
CONTACT = {
    "name": "Beschikbaarheidswijzer",
    "email": "beschikbaarheidswijzer@example.org",
    "url": "https://github.com/beschikbaarheidswijzer/beschikbaarheidswijzer",
}
TAGS = {
    "Access": "Tokens, the caller itself, organisations, their clients, how they are reached and told by mail.",
    "Reference": "Code lists, regions, municipalities and postcodes; open to all.",
    "Providers and offers": "Providers keep their own locations and offers; everyone finds them.",
    "Capacity": "What providers report of their places and waiting lists.",
    "Contracts and placement stops": "What regions have bought, and where nobody is placed.",
    "Free places": "Where help is free, or when it will be.",
    "Matching": "The ranked list for a child.",
    "Requests": "The dossiers of an institution or local team: choices, norm clocks, milestones, escalations.",
    "Deliveries": "What institutions deliver of their waiting children in bulk, and who has delivered which month.",
    "Referrals": "A request that is put to an offer, and what is decided on it.",
    "Proposals": "Which child of many would best go to which of few places; advice to the table that decides.",
    "Arrangements": "What was asked of a region or a provider to make an alternative possible, and what they decided.",
    "Calls": "A request that is put to all contracted providers at once, without saying whose, and their answers.",
    "Watches": "Questions for free places of which the answer is told when there is one.",
    "Insight": "Figures: who waits, for what and how long; whether that is in time, and what is missing.",
    "Plans": "What regions and supraregions do and aim at: actions with a light, their monthly report, target lines.",
    "Webhooks": "Being told of what happens: an organisation's own webhooks, and what was delivered to them.",
    "Webhook messages": "What a webhook is sent; not asked of this service but of the receiver, which answers.",
    "Health": "Whether the service is there and can do its work.",
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "description": "What kind of problem it is, for machines.",
            "examples": ["urn:problem-type:beschikbaarheidswijzer:invalid-input"],
        },
        "title": {"type": "string", "description": "The kind in words.", "examples": ["Ongeldige invoer"]},
        "status": {"type": "integer", "description": "The HTTP status.", "examples": [400]},
        "detail": {
            "type": "string",
            "description": "What is wrong here, and how to mend it.",
            "examples": ["De invoer heeft 1 fout; zie errors."],
        },
        "instance": {
            "type": "string",
            "format": "uri-reference",
            "description": "The path that was asked.",
            "examples": ["/v1/matches"],
        },
        "errors": {
            "type": "array",
            "description": "Of invalid input: every error in it.",
            "items": {"$ref": "#/components/schemas/InputError"},
        },
    },
}
INPUT_ERROR: dict[str, Any] = {
    "type": "object",
    "description": "One error in the input.",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {
            "type": "string",
            "description": "Where: a JSON pointer into the body as a URI fragment; query, path and header come first "
            "where it is there.",
            "examples": ["#/choices/0/careType"],
        },
        "code": {"type": "string", "description": "What, for machines.", "examples": ["unknown-code"]},
        "detail": {"type": "string", "description": "What, for people.", "examples": ["Deze code bestaat niet."]},
    },
}
TOKEN_ERROR: dict[str, Any] = {
    **PROBLEM,
    "description": "Why there is no token (RFC 6749, section 5.2), and with it what a problem says (RFC 9457).",
    "required": [*PROBLEM["required"], "error", "error_description"],
    "properties": {
        **PROBLEM["properties"],
        "error": {"type": "string", "description": "What, by OAuth 2.0.", "examples": ["invalid_client"]},
        "error_description": {
            "type": "string",
            "description": "What is wrong here, in ASCII.",
            "examples": ["client_id of client_secret klopt niet, of de client is ingetrokken."],
        },
    },
}
IF_NONE_MATCH: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the version that the caller has.",
    "schema": {"type": "string", "examples": ['"3"']},
}
HEADERS: dict[str, dict[str, Any]] = {
    "API-Version": {
        "description": "The full version of the API.",
        "required": True,
        "schema": {"type": "string", "examples": [VERSION]},
    },
    "ETag": {
        "description": "The version of what is answered, for If-None-Match; of a single resource also for If-Match.",
        "required": True,
        "schema": {"type": "string", "examples": ['"3"']},
    },
    "Retry-After": {
        "description": "After how many seconds to try again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0, "examples": [5]},
    },
}
