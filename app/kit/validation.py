"""What pydantic finds wrong with an input, as our codes and in words of both languages."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import quote

from app.domain.language import Text
from app.kit.errors import InputError

SCHEMA_TEXTS: dict[str, tuple[str, Text]] = {
    "string_unicode": (
        "control-character",
        Text(nl="De tekst bevat een halve surrogaat.", en="The text holds half a surrogate pair."),
    ),
    "missing": ("missing", Text(nl="Dit veld is verplicht.", en="This field is required.")),
    "extra_forbidden": (
        "unknown-field",
        Text(nl="Dit veld bestaat niet; haal het weg of verbeter de naam.", en="No such field; remove or rename it."),
    ),
    "json_invalid": ("invalid-json", Text(nl="Dit is geen geldige JSON: {error}.", en="Not valid JSON: {error}.")),
    "string_type": ("type", Text(nl="Hier hoort tekst.", en="This should be text.")),
    "bool_type": ("type", Text(nl="Hier hoort true of false.", en="This should be true or false.")),
    "bool_parsing": ("type", Text(nl="Hier hoort true of false.", en="This should be true or false.")),
    "int_type": ("type", Text(nl="Hier hoort een geheel getal.", en="This should be a whole number.")),
    "int_parsing": ("type", Text(nl="Hier hoort een geheel getal.", en="This should be a whole number.")),
    "int_from_float": ("type", Text(nl="Hier hoort een geheel getal.", en="This should be a whole number.")),
    "int_parsing_size": ("out-of-range", Text(nl="Dit getal is te groot.", en="This number is too large.")),
    "float_type": ("type", Text(nl="Hier hoort een getal.", en="This should be a number.")),
    "float_parsing": ("type", Text(nl="Hier hoort een getal.", en="This should be a number.")),
    "finite_number": ("type", Text(nl="Hier hoort een eindig getal.", en="This should be a finite number.")),
    "list_type": ("type", Text(nl="Hier hoort een lijst.", en="This should be a list.")),
    "dict_type": ("type", Text(nl="Hier hoort een object.", en="This should be an object.")),
    "model_type": ("type", Text(nl="Hier hoort een object.", en="This should be an object.")),
    "model_attributes_type": ("type", Text(nl="Hier hoort een object.", en="This should be an object.")),
    "string_too_short": (
        "too-short",
        Text(nl="Minstens {min_length} teken(s).", en="At least {min_length} character(s)."),
    ),
    "string_too_long": (
        "too-long",
        Text(nl="Hooguit {max_length} tekens.", en="At most {max_length} characters."),
    ),
    "string_pattern_mismatch": (
        "pattern",
        Text(nl="Dit past niet op het patroon {pattern}.", en="This does not match the pattern {pattern}."),
    ),
    "too_short": ("too-few", Text(nl="Minstens {min_length} waarde(n).", en="At least {min_length} value(s).")),
    "too_long": ("too-many", Text(nl="Hooguit {max_length} waarden.", en="At most {max_length} values.")),
    "greater_than_equal": ("out-of-range", Text(nl="Minstens {ge}.", en="At least {ge}.")),
    "greater_than": ("out-of-range", Text(nl="Meer dan {gt}.", en="More than {gt}.")),
    "less_than_equal": ("out-of-range", Text(nl="Hooguit {le}.", en="At most {le}.")),
    "less_than": ("out-of-range", Text(nl="Minder dan {lt}.", en="Less than {lt}.")),
    "literal_error": (
        "unknown-code",
        Text(nl="Onbekende waarde {input}; kies uit {expected}.", en="Unknown value {input}; choose {expected}."),
    ),
    "enum": (
        "unknown-code",
        Text(nl="Onbekende waarde {input}; kies uit {expected}.", en="Unknown value {input}; choose {expected}."),
    ),
    "uuid_parsing": ("format", Text(nl="Dit is geen UUID.", en="This is not a UUID.")),
    "uuid_type": ("format", Text(nl="Dit is geen UUID.", en="This is not a UUID.")),
    "date_type": ("format", Text(nl="Hier hoort een datum, zoals 2026-11-22.", en="A date, such as 2026-11-22.")),
    "date_from_datetime_parsing": (
        "format",
        Text(nl="Hier hoort een datum, zoals 2026-11-22.", en="A date, such as 2026-11-22."),
    ),
    "date_parsing": ("format", Text(nl="Hier hoort een datum, zoals 2026-11-22.", en="A date, such as 2026-11-22.")),
    "timezone_aware": (
        "format",
        Text(
            nl="Hier hoort een tijdstip met tijdzone, zoals 2026-11-22T09:00:00+01:00.",
            en="A time with its offset, such as 2026-11-22T09:00:00+01:00.",
        ),
    ),
}
for _kind in ("datetime_parsing", "datetime_from_date_parsing", "datetime_type", "datetime_object_invalid"):
    SCHEMA_TEXTS[_kind] = SCHEMA_TEXTS["timezone_aware"]


_REPEATED_KEY: Final = Text(
    nl="Deze zoeksleutel mag maar een keer; laat er een staan.", en="This query key may be there only once; keep one."
)
REPEATED: Final = "\x00"
"""What a query key ends with that is there more often than it may be (kit.http.routing)."""


def pointer(location: Sequence[int | str]) -> str:
    """A JSON pointer (RFC 6901) in URI fragment form into the body; `query/…`, `path/…`, `header/…` elsewhere."""
    source, *rest = location
    parts = rest if source == "body" else [source, *rest]
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "#" + "".join("/" + quote(part, safe="~!$&'()*+,;=:@?", errors="replace") for part in escaped)


def input_errors(errors: Iterable[dict[str, Any]]) -> list[InputError]:
    """Our errors for what FastAPI and pydantic report, in their order."""
    return [_translate(error) for error in errors]


def _translate(error: dict[str, Any]) -> InputError:
    context = error.get("ctx", {})
    if error["type"] == "domain_error":
        location = [*error["loc"][:-1], context.get("field", error["loc"][-1])]
        return InputError(pointer(location), context["code"], Text(nl=context["nl"], en=context["en"]))
    if error["type"] == "json_invalid":
        error = {**error, "loc": ("body",)}
    if error["type"] == "extra_forbidden" and error["loc"][0] == "query":
        key = str(error["loc"][-1])
        if key.endswith(REPEATED):
            return InputError(pointer(["query", key.removesuffix(REPEATED)]), "repeated", _REPEATED_KEY)
        return InputError(
            pointer(error["loc"]),
            "unknown-query-key",
            Text(nl="Deze zoeksleutel bestaat hier niet.", en="There is no such query key here."),
        )
    if error["type"] in {"too_short", "too_long"} and isinstance(error.get("input"), str):
        error = {**error, "type": "string_" + error["type"]}
    if error["type"] not in SCHEMA_TEXTS:
        return InputError(pointer(error["loc"]), "invalid", Text(nl="Ongeldige waarde.", en=str(error["msg"])))
    code, text = SCHEMA_TEXTS[error["type"]]
    values = {**context, "input": repr(error.get("input"))[:80]}
    dutch = values | {"expected": " of ".join(str(context.get("expected", "")).rsplit(" or ", 1))}
    return InputError(pointer(error["loc"]), code, Text(nl=text.nl.format(**dutch), en=text.en.format(**values)))
