"""How far a push has come, beside the file, so that one that was stopped goes on without sending anything twice."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

_FORM: Final = 1
_BEFORE_TO: Final = {"to": "capacity-reports"}
"""What was not written down while it was the only address."""
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")


@dataclass(slots=True)
class Sent:
    """What came of one part: how many of each, and `[line, where, detail]` of what is wrong."""

    counts: dict[str, int]
    faults: list[list[Any]]


@dataclass(slots=True)
class State:
    """A push of a file with this content to an address of a service, as a client.

    `run` tells it from a later push of the same.
    """

    path: Path
    content: str
    url: str
    client: str
    to: str
    lines: int
    run: str = field(default_factory=lambda: secrets.token_hex(16))
    sent: list[Sent] = field(default_factory=list)

    @classmethod
    def resume(cls, path: Path, *, content: str, url: str, client: str, to: str, lines: int) -> Self:
        """The push that was stopped where it is the same one, in parts of as many lines; a new one otherwise."""
        given: dict[str, Any] = {"content": content, "url": url, "client": client, "to": to, "lines": lines}
        kept = _read(path)
        if kept is not None and {**_BEFORE_TO, **kept}.items() >= ({"form": _FORM} | given).items():
            with suppress(KeyError, TypeError):
                return cls(path, **given, run=str(kept["run"]), sent=[Sent(**each) for each in kept["sent"]])
        return cls(path, **given)

    def key(self, number: int, body: bytes) -> str:
        """The idempotency key of a part: the same when the push goes on, another in a later push of the same file.

        In letters alone, because the service refuses a key with what could be a BSN in it.
        """
        digest = hashlib.sha256(f"{self.run} {number}\n".encode() + body).hexdigest()
        return digest.translate(_LETTERS)

    def save(self) -> None:
        """Writes it down; what was written before stands until then."""
        kept = {name: value for name, value in asdict(self).items() if name != "path"} | {"form": _FORM}
        beside = self.path.with_name(self.path.name + ".new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)

    def forget(self) -> None:
        """Removes it: the push is done."""
        self.path.unlink(missing_ok=True)


def _read(path: Path) -> Mapping[str, Any] | None:
    with suppress(OSError, ValueError):
        kept = json.loads(path.read_bytes())
        return kept if isinstance(kept, dict) else None
    return None


def content_of(path: Path) -> str:
    """What tells the content of a file from any other."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
