"""The figures of a region: who sees them, and that pages, CSV and the API say the same."""

from tests.web.pages import Browser, browser_of, page_of, text_of
from app.kit.security.callers import Role
from tests.world import World

async def test_smoke(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    for path in ("/overzicht", "/overzicht/cijfers/normen","/overzicht/cijfers/wachtenden","/overzicht/cijfers/keuzen","/overzicht/cijfers/plekken","/overzicht/cijfers/afwijzingen","/overzicht/cijfers/versheid","/overzicht/wachtlijst","/overzicht/plan","/overzicht/plan/nieuw"):
        print(path, text_of(await region.get(path)))
    for path in ("dashboard","wachtlijst","maandbericht","normen","wachtenden","plekken"):
        a=await region.get(f"/overzicht/{path}.csv")
        print(a.status_code, a.headers, a.text[:200])
