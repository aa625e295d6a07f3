"""The pages of referrers and providers at both widths, unfolded: nothing is in anybody's way.

Those of the region are in `test_overview`; `scripts/drill pages` follows every link and sends every form.
"""

from typing import Final
from uuid import UUID

import pytest

from app.kit.security.callers import Role
from tests.dossiers.watches.scene import add_watch
from tests.http import Served
from tests.web.browser.barriers import PHONE, barriers_unfolded
from tests.web.browser.conftest import PageAs

PAGES: Final[dict[Role | None, tuple[str, ...]]] = {
    None: ("/aanmelden",),
    Role.REFERRER: ("/vrije-plekken?zorgvorm=gezinshuis&waar=Den+Helder&binnen=50", "/passend"),
    Role.GI: (
        "/",
        "/vrije-plekken",
        "/vrije-plekken?waar=Nergenshuizen",
        "/vrije-plekken?waar=den",
        "/vrije-plekken?regio=JZ03&plek=Demo",
        "/vrije-plekken?waar=Den+Helder&gemeente=GM0400",
        "/passend",
        "/jeugdigen",
        "/aanbod/{offer}",
        "/aanbod/{offer}?gedaan=meld-mij",
    ),
    Role.PROVIDER: ("/aanbod/{offer}", "/mijn-aanbod", "/mijn-aanbod/plakken", "/aanmeldingen", "/oproepen"),
}
"""Pages as each role sees them; `{offer}` is an offer that is there."""


@pytest.mark.parametrize("role", PAGES)
async def test_has_no_barriers(served: Served, page_as: PageAs, role: Role | None) -> None:
    provider = await served.add_provider(contact={"phone": "0223 123456", "email": "aanmelden@example.org"})
    offer = await served.contracted_offer(
        provider, description="Vier plekken in een gezin.", specialisations=["trauma"]
    )
    await served.report(offer, placesTotal=4, placesFree=1, note="Bel voor overleg.")
    await add_watch(served, label="Het Nest", search={"careType": ["gezinshuis"], "offer": offer["id"]})
    page = await page_as(role, PHONE, **({"provider_id": UUID(provider)} if role is Role.PROVIDER else {}))
    found = {}
    for path in PAGES[role]:
        answer = await page.goto(path.format(offer=offer["id"]))
        assert answer is not None
        assert answer.ok, path
        found[path] = await barriers_unfolded(page)
    assert found == {path: [] for path in PAGES[role]}
