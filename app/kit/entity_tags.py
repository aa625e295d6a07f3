"""Entity tags (RFC 9110, 8.8.3): what stands for a version, and which version a caller names in If-Match.

`"3"` is version 3 of a thing that is shown alone. One that is shown with more (other rows, clocks that move, words in a
language) has a composite tag: what was shown as well, and a check sum at its end, `"3.8.1.9b2d0c41"`. A change needs a
whole tag that was given with the version as it is now, in whichever language or on whichever day; one that was never
given, `"3"` of a thing with composite tags among them, matches nothing.
"""

import hashlib
import re
from typing import Literal

Mismatch = Literal["stale", "weakened", "no-tag"]
"""Why If-Match does not match: another version, the current one as a proxy rewrote it, or nothing that is a tag."""

_MEMBER = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')
_REWRITTEN = re.compile(r"[-;](gzip|br|deflate|zstd)$")


def etag_of(*versions: int) -> str:
    """The strong ETag of a resource: its own version first, then those of what is shown with it."""
    parts = ".".join(map(str, versions))
    return f'"{parts}"' if len(versions) == 1 else f'"{parts}.{_check_sum(parts)}"'


def mismatch_of(if_match: str, current: int, *, composite: bool) -> Mismatch | None:
    """None where If-Match names the current version of a thing or any (`*`); else why it does not.

    `composite`: the tags of such things are.
    """
    if if_match.strip() == "*":
        return None
    tags = _tags(if_match)
    version_of = _first_version if composite else _only_version
    if any(not is_weak and version_of(tag) == current for is_weak, tag in tags):
        return None
    if any(version_of(_REWRITTEN.sub("", tag)) == current for _, tag in tags):
        return "weakened"
    is_part = composite and any(_only_version(tag) == current for _, tag in tags)
    return "no-tag" if is_part or not tags else "stale"


def _check_sum(parts: str) -> str:
    return hashlib.blake2b(parts.encode(), digest_size=4).hexdigest()


def _tags(header: str) -> list[tuple[bool, str]]:
    """The tags of a list, each with whether it is weak; none where any of it is no tag."""
    found, position = [], 0
    while position < len(header):
        member = _MEMBER.match(header, position)
        if member is None:
            return []
        found.append((member[1] is not None, member[2]))
        position = member.end()
    return found


def _only_version(tag: str) -> int | None:
    """The version that a tag is; None where it is no tag of a thing that is shown alone."""
    return int(tag) if re.fullmatch(r"0|[1-9][0-9]{0,18}", tag, re.ASCII) else None


def _first_version(tag: str) -> int | None:
    """The version that stands first in a composite tag; None where it is none that was given."""
    parts, _, check_sum = tag.rpartition(".")
    return _only_version(parts.partition(".")[0]) if _check_sum(parts) == check_sum else None
