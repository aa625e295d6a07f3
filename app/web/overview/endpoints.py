"""The pages of the overview, all of them."""

from app.web.overview.downloads.endpoints import router as downloads
from app.web.overview.figures.endpoints import router as figures
from app.web.overview.plan.endpoints import router as plan
from app.web.overview.statement.endpoints import router as statement
from app.web.shell.routing import router as make_router

router = make_router()

for each in (figures, statement, plan, downloads):
    router.include_router(each)
