"""The version of a resource, as an ETag, and the version that a change was based on (RFC 9110, 8.8.3 and 13.1.1)."""

from app.kit.errors import PreconditionFailedError, PreconditionRequiredError


def etag_of(*versions: int) -> str:
    """The strong ETag of a resource: its own version first, then those of the rows that are shown with it."""
    return '"' + ".".join(map(str, versions)) + '"'


def check_version(if_match: str | None, current: int | None, *, required: bool = True) -> None:
    """Lets a change through that was based on the current version of the resource itself.

    `PreconditionFailedError` (412) when it was based on another, `PreconditionRequiredError` (428) when it does
    not say and must. `current` is None where there is no resource yet, which no ETag matches.
    """
    if if_match is None:
        if required:
            raise PreconditionRequiredError
        return
    if current is None:
        raise PreconditionFailedError(None)
    own_versions = [tag.strip().strip('"').split(".")[0] for tag in if_match.split(",")]
    if "*" not in own_versions and str(current) not in own_versions:
        raise PreconditionFailedError(etag_of(current))
