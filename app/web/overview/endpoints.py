"""The pages of the overview, all of them."""

from app.kit.http.late_routes import include
from app.web.overview.agreements.endpoints import router as agreements
from app.web.overview.arrangements.endpoints import router as arrangements
from app.web.overview.breakthrough.endpoints import router as breakthrough
from app.web.overview.contracts.endpoints import router as contracts
from app.web.overview.downloads.endpoints import router as downloads
from app.web.overview.escalated.endpoints import router as escalated
from app.web.overview.figures.endpoints import router as figures
from app.web.overview.plan.endpoints import router as plan
from app.web.overview.proposals.endpoints import router as proposals
from app.web.overview.statement.endpoints import router as statement
from app.web.overview.stops.endpoints import router as stops
from app.web.overview.targets.endpoints import router as targets
from app.web.shell.routing import router as make_router

router = make_router()

for each in (
    figures,
    statement,
    plan,
    targets,
    breakthrough,
    escalated,
    proposals,
    arrangements,
    contracts,
    stops,
    agreements,
    downloads,
):
    include(router, each)
