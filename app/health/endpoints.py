"""Health: is the process there, and can it do its work."""

from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request, Response

from app import VERSION
from app.finding.catalogue.dependencies import CatalogueParts
from app.health import service
from app.health.schemas import Health, Readiness
from app.health.service import NotReadyError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import ReadingAcross
from app.kit.http.late_routes import LateRoute
from app.kit.http.parts import parts_of
from app.kit.http.routing import router as make_router
from app.kit.json_bytes import to_json
from app.kit.monitoring import metrics
from app.ranking import WHY_INTERPRETED

router = make_router("Health")
metrics_router = APIRouter(route_class=LateRoute)


@dataclass(frozen=True, kw_only=True)
class HealthParts(CatalogueParts):
    """With the newest migration that this code knows."""

    migration_head: str


def _ok(content: Health) -> Response:
    return Response(to_json(content), media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get("/health/live", response_model=Health)
async def get_live() -> Response:
    """The process runs; says nothing of the database."""
    return _ok(Health(status="ok", version=VERSION))


@router.get("/health/ready", response_model=Readiness, responses=raises(NotReadyError))
async def get_ready(request: Request, session: ReadingAcross) -> Response:
    """The database is reachable, migrated, filled and followed; 503 tells which of these is not so."""
    parts = parts_of(request.app, HealthParts)
    await service.check_ready(session, parts.follower, parts.migration_head, demo=parts.settings.demo)
    rules: Literal["compiled", "interpreted"] = "compiled" if WHY_INTERPRETED is None else "interpreted"
    return _ok(Readiness(status="ok", version=VERSION, rules=rules))


@metrics_router.get("/metrics", include_in_schema=False)
async def get_metrics() -> Response:
    """Prometheus metrics."""
    return Response(metrics.exposition(), headers={"Content-Type": metrics.CONTENT_TYPE})
