"""What the standard's formats allow of what providers wrote: a reader that checks must never stumble on it."""

import re
from typing import Final

from pydantic import AnyHttpUrl, ValidationError

_HOST_PART: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL: Final = re.compile(
    rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@{_HOST_PART}(?:\.{_HOST_PART})+"
)
_URI: Final = re.compile(
    rf"https?://{_HOST_PART}(?:\.{_HOST_PART})*(?::\d{{1,5}})?"
    r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)


def email_of(text: str | None) -> str | None:
    """The address where it is one of RFC 5321 in ASCII, in dot-string form; None where it is not."""
    return text if text is not None and _EMAIL.fullmatch(text) else None


def uri_of(text: str | None) -> str | None:
    """The web address as a URI of RFC 3986, letters that are not of it encoded; None where it cannot be one."""
    if text is None or _URI.fullmatch(text):
        return text
    try:
        encoded = str(AnyHttpUrl(text))
    except ValidationError:
        return None
    return encoded if _URI.fullmatch(encoded) else None
