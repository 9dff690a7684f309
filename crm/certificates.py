"""The certificate that a customer builds himself (USt 1 TG, § 13b UStG, R32): it holds for three years at most, and somebody
must ask for the next one in time.
"""

from datetime import timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import formats
from crm import due, todos
from crm.models import Customer

ENDS = "crm.certificate_ends"
BEFORE = timedelta(days=30)


def ends_soon(customer: Customer) -> bool:
    """Whether it ends within a month, or has ended."""
    return customer.builder_until is not None and customer.builder_until - BEFORE <= timezone.localdate()


def watch(customer: Customer) -> None:
    """Let somebody be reminded a month before it ends, or at once when it is less by now."""
    if customer.builder_until and customer.builder_until >= timezone.localdate():
        due.plan(ENDS, customer, at=max(due.morning_of(customer.builder_until - BEFORE), timezone.now()))


def remind(customer: Customer) -> None:
    """Due handler: a task, once for each certificate; none when another was entered meanwhile or the contact is put away."""
    until = customer.builder_until
    if until is None or not ends_soon(customer) or customer.archived_at or until < timezone.localdate():
        return
    with translation.override("de"):
        text = _("Nachweis USt 1 TG von %(name)s läuft am %(day)s ab: neuen anfordern") % {
            "name": customer.name[:100],
            "day": formats.day(until),
        }
    if not todos.open_about(customer).filter(text__startswith=text[:100]).exists():
        todos.add(text, by=None, customer=customer, due_on=timezone.localdate(), about=customer)
