"""The version that a change was based on (RFC 9110, 13.1.1)."""

from app.kit.entity_tags import etag_of, mismatch_of
from app.kit.errors import PreconditionFailedError, PreconditionRequiredError


def check_version(if_match: str | None, current: int | None, *, required: bool = True, composite: bool = False) -> None:
    """Lets a change through that was based on the current version of the resource itself.

    `PreconditionFailedError` (412) when it was based on another, `PreconditionRequiredError` (428) when it does
    not say and must. `current` is None where there is no resource yet, which no ETag matches. `composite`: its ETag
    says more than its version (see `entity_tags`).
    """
    if if_match is None:
        if required:
            raise PreconditionRequiredError
        return
    if current is None:
        raise PreconditionFailedError(None)
    mismatch = mismatch_of(if_match, current, composite=composite)
    if mismatch is not None:
        raise PreconditionFailedError(f'"{current}.…"' if composite else etag_of(current), mismatch)
