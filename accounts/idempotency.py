"""A POST of the API that is sent twice is worked off once (P85).

The sender puts a key of their own into `Idempotency-Key`. Its row is written in the transaction of the work: either both
are there or neither. Only answers below 400 are kept; a refused request has changed nothing and may be sent again.
"""

import hashlib
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import IdempotencyKey
from accounts.refusals import Refusal

HEADER = "Idempotency-Key"
LONGEST = 255
KEPT_FOR = timedelta(days=30)  # phones stay offline for long


class BadKey(Refusal):
    """The key is too long."""

    status = 400


class OtherRequest(Refusal):
    """The key was used for something else."""

    status = 422


def once(request, key: str, work):
    """The answer of `work()`, or the one it gave when this member sent the same request under this key before.

    Two at the same moment: the second waits for the first one's row. Raises OtherRequest when method, address or body
    differ, BadKey for a key that cannot be kept.
    """
    if len(key) > LONGEST or "\0" in key:
        raise BadKey(_("Der Idempotency-Key darf höchstens 255 Zeichen haben."))
    said = hashlib.sha256(
        b"\n".join([request.method.encode(), request.get_full_path().encode(), request.body])
    ).hexdigest()
    with transaction.atomic():
        row = IdempotencyKey(member=request.member, key=key, request_hash=said)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            return _again(IdempotencyKey.objects.get(member=request.member, key=key), said)
        response = work()
        if response.status_code >= 400:
            transaction.set_rollback(True)
            return response
        if hasattr(response, "render"):
            response.render()
        IdempotencyKey.objects.filter(pk=row.pk).update(
            status=response.status_code, body=response.content.decode("utf-8")
        )
        return response


def forget_old() -> None:
    """Drop keys nobody will send again."""
    IdempotencyKey.unscoped.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()


def _again(row, said):
    if row.request_hash != said:
        raise OtherRequest(_("Dieser Idempotency-Key wurde schon für eine andere Anfrage benutzt."))
    response = HttpResponse(row.body, status=row.status, content_type="application/json")
    response.headers["Idempotent-Replayed"] = "true"
    return response
