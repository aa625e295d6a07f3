"""The files that pages load, read once: under addresses with a hash of all of them, so that browsers keep each."""

import gzip
import hashlib
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).parents[1] / "static"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
_PACKED: Final = {".css", ".html", ".js", ".svg", ".txt", ".webmanifest"}


class File(NamedTuple):
    """A file: its content, the same as gzip where that is smaller, and what it is."""

    content: bytes
    packed: bytes | None
    media_type: str


def _read(path: Path) -> File:
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if path.suffix in _PACKED else None
    return File(content, packed, _TYPES[path.suffix])


FILES: Final = {
    path.relative_to(FOLDER).as_posix(): _read(path) for path in sorted(FOLDER.rglob("*")) if path.suffix in _TYPES
}
"""By name, such as `vendor/htmx.min.js`."""

VERSION: Final = hashlib.sha256(b"".join(name.encode() + each.content for name, each in FILES.items())).hexdigest()[:12]
"""Another one as soon as any of them changes."""


def address_of(name: str) -> str:
    """Where a page loads this file; `KeyError` where there is none of that name."""
    if name not in FILES:
        raise KeyError(name)
    return f"/static/{VERSION}/{name}"
