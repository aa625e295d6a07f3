"""Who reads what of an offer, and the offer that is asked about."""

from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import Depends

from app.domain.language import Text
from app.finding.catalogue.dependencies import CatalogueContext
from app.finding.search import service
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role
from app.web.sign_in.dependencies import seen_by

REFERRERS: Final = {Role.GI, Role.LOCAL_TEAM}
"""Who keeps watches."""
COURSE_READERS: Final = tuple(role for role in Role if role is not Role.REFERRER)
"""Who may read the history of an offer in the API."""

CourseReader = Annotated[Caller, Depends(seen_by(*COURSE_READERS))]

_NOT_GIVEN: Final = Text(nl="Dit aanbod", en="This offer")


def get_item(context: CatalogueContext, offer_id: UUID, *, public: bool) -> Any:
    """The offer as a list shows it; `NotFoundError` where it is not given now."""
    found = service.find_one(context.follower.catalogue, offer_id, context.today, "nl", public=public)
    if found is None:
        raise NotFoundError(_NOT_GIVEN)
    return orjson.loads(orjson.dumps(found))
