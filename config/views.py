"""Pages where the whole house meets, and what machines ask."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm import mail


@require_safe
def healthz(request):
    """Live: the process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request):
    """Ready: database reachable, migrations applied, outbox not older than 15 minutes. 503 names what is not."""
    checks = {}
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks["database"] = "ok"
        checks["migrations"] = "ok" if not pending else f"{len(pending)} pending"
        if not pending:
            age = mail.oldest_waiting()
            checks["outbox_age_seconds"] = age
            checks["outbox"] = "ok" if age < 15 * 60 else "late"
    except DatabaseError:
        checks["database"] = "unreachable"
    ready = all(value == "ok" for name, value in checks.items() if name != "outbox_age_seconds")
    return JsonResponse({"status": "ok" if ready else "not ready", **checks}, status=200 if ready else 503)


def csrf_failure(request, reason=""):
    """The page was open too long or came from elsewhere."""
    return render(request, "403_csrf.html", status=403)
