"""The chain of seals: each holds the hash of its entries and of the seal before it.

Of seals 1, 2 and 3, an entry that is taken out of the second, or changed in it, makes another hash of it than it has;
a new hash of it is not the one that the third has; and where the third is made anew too, its hash is not the one that
was logged when it was made. Writers never wait for each other: a job seals what they committed.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from app.dossiers.audit.tables import AuditEntryRow

START: Final = bytes(32)
"""What the first seal has for the hash of the seal before it."""

_FIELDS: Final = (
    *("id", "at", "dossier_id", "keeper_id", "organisation_id", "role", "client_id", "action", "operation", "ground"),
    *("trace_id", "span_id"),
)


def hash_of_entry(row: AuditEntryRow) -> bytes:
    """SHA-256 of all that an entry says, as a JSON array in the order of its columns; its seal aside."""
    values = [getattr(row, name) for name in _FIELDS]
    plain = [_time(each) if isinstance(each, datetime) else each for each in values]
    return hashlib.sha256(json.dumps(plain, default=str, separators=(",", ":")).encode()).digest()


def hash_of_seal(number: int, sealed_at: datetime, previous: bytes, entries: Iterable[bytes]) -> bytes:
    """SHA-256 of a seal's number and time, the hash of the seal before it, and those of its entries by id."""
    digest = hashlib.sha256(f"{number} {_time(sealed_at)} ".encode() + previous)
    for each in entries:
        digest.update(each)
    return digest.digest()


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
