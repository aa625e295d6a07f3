"""What the standard's formats allow of what providers wrote: a reader that checks must never stumble on it."""

import re
from typing import Final

from pydantic import AnyHttpUrl, ValidationError

_HOST_PART: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL: Final = re.compile(
    rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@{_HOST_PART}(?:\.{_HOST_PART})+"
)
_LONGEST_LOCAL: Final = 64
_LONGEST_EMAIL: Final = 254
_URI: Final = re.compile(
    rf"https?://{_HOST_PART}(?:\.{_HOST_PART})*(?::\d{{1,5}})?"
    r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)


def email_of(text: str | None) -> str | None:
    """The address where it is one of RFC 5321 in plain ASCII, in dot-string form; None where it is not.

    A domain in Punycode (`xn--`) is left out as well: some checkers decode it, and not all to the same.
    """
    if text is None or len(text) > _LONGEST_EMAIL or not _EMAIL.fullmatch(text):
        return None
    local, _, domain = text.partition("@")
    return None if len(local) > _LONGEST_LOCAL or "xn--" in domain.lower() else text


def uri_of(text: str | None) -> str | None:
    """The web address as a URI of RFC 3986, letters that are not of it encoded; None where it cannot be one."""
    if text is None or _URI.fullmatch(text):
        return text
    try:
        encoded = str(AnyHttpUrl(text))
    except ValidationError:
        return None
    return encoded if _URI.fullmatch(encoded) else None
