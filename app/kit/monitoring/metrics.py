"""Prometheus metrics, also over several workers (PROMETHEUS_MULTIPROC_DIR)."""

import os
from functools import lru_cache

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

REQUESTS = Counter("wijzer_requests_total", "Requests answered.", ["method", "route", "status"])
DURATION = Histogram(
    "wijzer_request_duration_seconds",
    "Time to answer a request.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
CAPACITY_REPORTS = Counter("wijzer_capacity_reports_total", "Capacity reports taken in.", ["outcome"])
MATCHES = Counter("wijzer_matches_total", "Rankings made.", ["policy"])
REPLICA_READS = Counter("wijzer_replica_reads_total", "Reads meant for the replica, by what came of them.", ["outcome"])
LOCK_WAITS_CUT = Counter("wijzer_lock_waits_cut_total", "Waits for a lock cut short for others to have a connection.")
JOBS = Counter("wijzer_jobs_total", "Runs of background jobs.", ["job", "outcome"])
MAILS = Counter("wijzer_mails_total", "Attempts to send a mail, by what came of them.", ["outcome"])
REFERRAL_DECISIONS = Counter("wijzer_referral_decisions_total", "Decisions on referrals.", ["decision"])
OVERLOADED = Counter("wijzer_overloaded_total", "Requests that were refused because too many were under way.")
CONNECTIONS_CUT = Counter("wijzer_connections_cut_total", "Connections that were cut, by why.", ["reason"])
TOKENS_REFUSED = Counter("wijzer_tokens_refused_total", "Tokens that were refused, by why.", ["reason"])
RULES_COMPILED = Gauge(
    "wijzer_rules_compiled", "Whether the rules of the ranking run compiled, or as Python.", multiprocess_mode="livemin"
)
STREAMS = Gauge("wijzer_streams_open", "Event streams that are open.", multiprocess_mode="livesum")
STREAMS_ENDED = Counter("wijzer_streams_ended_total", "Event streams that ended, by why.", ["reason"])

WEBHOOK_ATTEMPTS = Counter("wijzer_webhook_attempts_total", "Attempts to deliver, by what came of them.", ["outcome"])
WEBHOOK_PENDING = Gauge(
    "wijzer_webhook_pending", "Deliveries outstanding, over all processes.", multiprocess_mode="mostrecent"
)
WEBHOOK_OLDEST = Gauge(
    "wijzer_webhook_oldest_seconds", "Age of the oldest delivery outstanding.", multiprocess_mode="mostrecent"
)
WEBHOOK_DEAD = Gauge("wijzer_webhook_dead", "Deliveries given up, while kept.", multiprocess_mode="mostrecent")


@lru_cache(4096)
def _of_request(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, route, str(status)), DURATION.labels(method, route)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Counts a request that was answered."""
    requests, duration = _of_request(method, route, status)
    requests.inc()
    duration.observe(seconds)


_matches_by = lru_cache(16)(MATCHES.labels)


def count_match(policy: str) -> None:
    """Counts a ranking by that policy."""
    _matches_by(policy).inc()


CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition() -> bytes:
    """All metrics in the Prometheus text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library annotates no constructor
    return generate_latest(registry)


def forget_process(pid: int) -> None:
    """What a process that has ended said of what is there now counts no longer."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]  # as above
