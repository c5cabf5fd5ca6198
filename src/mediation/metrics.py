"""What the service tells about itself in numbers, for Prometheus: no label names a person, a case or a body."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from mediation.services.completeness import Sums

disable_created_metrics()  # type: ignore[no-untyped-call] # the library gives it no types

MEDIA: Final = CONTENT_TYPE_LATEST
_REGISTRY: Final = CollectorRegistry()

REQUESTS: Final = Counter(
    "mediation_http_requests", "Requests answered.", ["operation", "status"], registry=_REGISTRY
)  # fmt: skip
FIRED: Final = Counter("mediation_worker_fired", "Deadlines fired or noted as lapsed.", registry=_REGISTRY)
REMINDED: Final = Counter("mediation_worker_reminders", "Reminders and escalations written.", registry=_REGISTRY)
FAILURES: Final = Counter("mediation_worker_failures", "Deadlines or whole rounds that failed.", registry=_REGISTRY)
LAST_ROUND: Final = Gauge(
    "mediation_worker_last_round_timestamp_seconds", "When this process last ended a round of chores.",
    registry=_REGISTRY,
)  # fmt: skip
ROUND_SECONDS: Final = Gauge(
    "mediation_worker_last_round_seconds", "How long that round took.", registry=_REGISTRY
)  # fmt: skip
LIMITED: Final = Counter(
    "mediation_rate_limited", "Requests refused or noted as too many, by budget.", ["budget"], registry=_REGISTRY
)  # fmt: skip
LIMITER_FAILURES: Final = Counter(
    "mediation_rate_limiter_failures", "Times the shared budgets could not be read: each process counts for itself.",
    registry=_REGISTRY,
)  # fmt: skip
ALARMS: Final = Counter("mediation_alarms", "Alarms raised.", ["kind"], registry=_REGISTRY)

_DEADLINES: Final = Gauge(
    "mediation_deadlines", "Deadlines ever started, by what became of them.", ["status"], registry=_REGISTRY
)  # fmt: skip
_OVERDUE: Final = Gauge(
    "mediation_deadlines_overdue", "Running deadlines that are over and not fired yet.", registry=_REGISTRY
)  # fmt: skip
_OLDEST: Final = Gauge(
    "mediation_deadlines_overdue_oldest_days", "Days since the oldest of them was over; 0 when there is none.",
    registry=_REGISTRY,
)  # fmt: skip
_TASKS: Final = Gauge("mediation_tasks_open", "Tasks nobody has answered yet.", registry=_REGISTRY)
_UNSENT: Final = Gauge(
    "mediation_reminders_unsent", "Deadlines and tasks that ask for a reminder and wait for the worker.",
    registry=_REGISTRY,
)  # fmt: skip


def exposition(sums: Sums) -> bytes:
    """Everything counted so far and the sums given, in Prometheus' text format."""
    for status, number in sums.by_status.items():
        _DEADLINES.labels(status).set(number)
    _OVERDUE.set(sums.overdue)
    _OLDEST.set(sums.oldest_days)
    _TASKS.set(sums.open_tasks)
    _UNSENT.set(sums.unsent)
    return generate_latest(_REGISTRY)
