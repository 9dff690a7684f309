"""The versions of a business's terms (AGB): each wording is kept, because contracts stand on it (R79, R89)."""

import hashlib

from django.db import transaction
from django.utils import timezone

from accounts import current
from accounts.models import Business, Member, TermsVersion


@transaction.atomic
def keep(business: Business, *, by: Member | None = None) -> TermsVersion | None:
    """The version of the terms as they stand now, written first if their wording is new. None without terms."""
    with current.working_for(business):
        last = TermsVersion.objects.first()
        if last is not None and last.text == business.terms:
            return last if last.text else None
        if last is None and not business.terms:
            return None
        Business.objects.select_for_update().get(pk=business.pk)  # one number each, also for two at the same moment
        last = TermsVersion.objects.first()
        if last is None or last.text != business.terms:
            last = TermsVersion.objects.create(
                number=last.number + 1 if last else 1,
                text=business.terms,
                sha256=hashlib.sha256(business.terms.encode()).hexdigest(),
                valid_from=timezone.now(),
                by=by,
            )
    return last if last.text else None


def versions():
    """All versions of the current business, the newest first."""
    return TermsVersion.objects.select_related("by__user")
