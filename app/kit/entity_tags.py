"""Entity tags (RFC 9110, 8.8.3): what stands for a version, and which version a caller names in If-Match.

`"3"` is version 3 of a thing on its own. Where it is shown with more (other rows, clocks that move), the tag has what
was shown as well, and ends in a check sum: `"3.8.1.9b2d0c41"`. A change needs the thing's own version to be the one
that the caller read, whatever else has moved; a tag that was never given matches nothing.
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


def mismatch_of(if_match: str, current: int) -> Mismatch | None:
    """None where If-Match names the current version of a thing or any (`*`); else why it does not."""
    if if_match.strip() == "*":
        return None
    tags = _tags(if_match)
    if not tags:
        return "no-tag"
    if any(not is_weak and _own_version(tag) == current for is_weak, tag in tags):
        return None
    if any(_own_version(_REWRITTEN.sub("", tag)) == current for _, tag in tags):
        return "weakened"
    return "stale"


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


def _own_version(tag: str) -> int | None:
    """The version that stands first in a tag; None where it is no tag that was given."""
    parts, _, check_sum = tag.rpartition(".")
    own = parts.partition(".")[0] if parts and _check_sum(parts) == check_sum else tag
    return int(own) if re.fullmatch(r"0|[1-9][0-9]{0,18}", own, re.ASCII) else None
