"""What a child is called in a referral, to both sides: a provider never learns which request it belongs to."""

from uuid import UUID, uuid5


def child_id(referral_id: UUID, request_id: UUID) -> UUID:
    """The id of a child in a referral: the same each time, and it leads to no request and to no other referral."""
    return uuid5(referral_id, str(request_id))
