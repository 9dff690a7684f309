"""Contact data as customers want them to be: a proposal until the office takes it over, which typing alone never does.

Codes and links go to the stored address, so nobody who got hold of a page may change where they go.
"""

from typing import cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from crm import customers, mail, timeline
from crm.models import ContactProposal, Customer

FIELDS = (
    "company_name", "salutation", "first_name", "last_name", "email", "phone", "mobile", "street", "postcode", "city",
)  # fmt: skip
NAMES = ("company_name", "first_name", "last_name")
LONGEST = 1000


def field_of(name: str) -> models.Field:
    """The field of a contact that a proposal names."""
    return cast(models.Field, Customer._meta.get_field(name))


def open_of(customer: Customer) -> ContactProposal | None:
    """What the customer proposed and nobody decided."""
    return ContactProposal.objects.filter(customer=customer, decided_at=None).first()


def open_ones():
    """Undecided proposals of everybody, longest waiting first."""
    return ContactProposal.objects.filter(decided_at=None).select_related("customer").order_by("created_at", "pk")


@transaction.atomic
def propose(customer: Customer, values: dict, comment: str = "") -> ContactProposal | None:
    """Keep what the customer wants to be changed; a later wish takes the place of one nobody decided.

    `values` are fields of FIELDS; those as stored are left out. None when nothing is left to propose: then an earlier
    proposal is taken back. Raises Refusal naming the field for a value a contact cannot have.
    """
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    comment = comment.strip()
    if len(comment) > LONGEST:
        raise Refusal(_("Bitte kürzen Sie die Bemerkung auf höchstens 1.000 Zeichen."), field="comment")
    wanted = {name: _cleaned(name, values[name]) for name in FIELDS if name in values}
    changed = {name: value for name, value in wanted.items() if value != getattr(customer, name)}
    if not any(changed.get(name, getattr(customer, name)) for name in NAMES):
        raise Refusal(_("Bitte tragen Sie Ihren Namen ein."), field="last_name")
    waiting = open_of(customer)
    if not changed and not comment:
        if waiting:
            ContactProposal.objects.filter(pk=waiting.pk).update(decided_at=timezone.now())
        return None
    if waiting:
        if (waiting.values, waiting.comment) == (changed, comment):
            return waiting
        ContactProposal.objects.filter(pk=waiting.pk).update(decided_at=timezone.now())
    proposal = ContactProposal.objects.create(customer=customer, values=changed, comment=comment)
    timeline.record(
        timeline.Event.PROPOSAL_MADE, customer=customer, subject=proposal, fields=", ".join(sorted(changed))
    )
    return proposal


@transaction.atomic
def decide(proposal: ContactProposal, take_over: bool, *, by) -> ContactProposal:
    """Take the wanted values over, or leave all as it is. A new address is told to the old one.

    Raises Refusal when it was decided before, also by the customer who proposed something else meanwhile.
    """
    locked = ContactProposal.objects.select_for_update(of=("self",)).select_related("customer").get(pk=proposal.pk)
    if locked.decided_at:
        raise Refusal(_("Über diese Änderung ist schon entschieden. Bitte laden Sie die Seite neu."))
    ContactProposal.objects.filter(pk=locked.pk).update(decided_at=timezone.now(), is_taken_over=take_over, by=by)
    customer, fields = locked.customer, ", ".join(sorted(locked.values))
    event = timeline.Event.PROPOSAL_TAKEN_OVER if take_over else timeline.Event.PROPOSAL_REFUSED
    if take_over:
        before = customer.email
        customers.change(customer, by=by, **locked.values)
        if customer.email.lower() != before.lower():
            _tell(customer, before, by)
    timeline.record(event, customer=customer, subject=locked, by=by, fields=fields)
    locked.refresh_from_db()
    return locked


@transaction.atomic
def choose_way(customer: Customer, contact_by: str, note: str = "") -> Customer:
    """How the customer wants to be reached holds at once. Raises Refusal for a way there is no number or address for."""
    if contact_by not in Customer.ContactBy.values:
        raise Refusal(_("Bitte wählen Sie aus, wie wir Sie erreichen."), field="contact_by")
    has = {
        Customer.ContactBy.MAIL: customer.email,
        Customer.ContactBy.PHONE: customer.mobile or customer.phone,
        Customer.ContactBy.POST: customer.street and customer.city,
    }
    if not has[Customer.ContactBy(contact_by)]:
        missing = _("Dafür fehlt uns noch etwas. Bitte tragen Sie es unter „Kontaktdaten“ ein oder wählen Sie anders.")
        raise Refusal(missing, field="contact_by")
    note = " ".join(note.split())[: Customer._meta.get_field("contact_note").max_length]
    if (customer.contact_by, customer.contact_note) == (contact_by, note):
        return customer
    Customer.objects.filter(pk=customer.pk).update(contact_by=contact_by, contact_note=note)
    customer.contact_by, customer.contact_note = contact_by, note
    timeline.record(timeline.Event.WAY_CHOSEN, customer=customer, way=contact_by)
    return customer


def compared(proposal: ContactProposal) -> list[dict]:
    """Each wanted change as (label, before, after), for the office."""
    return [
        {
            "label": field_of(name).verbose_name,
            "before": _shown(name, getattr(proposal.customer, name)),
            "after": _shown(name, proposal.values[name]),
        }
        for name in FIELDS
        if name in proposal.values
    ]


def _shown(name, value):
    return dict(Customer.Salutation.choices).get(value, value) if name == "salutation" else value


def _cleaned(name, value):
    field = field_of(name)
    value = " ".join(str(value or "").split())
    try:
        if name == "email" and value:
            validate_email(value)
        return field.clean(value, None)
    except ValidationError as error:
        raise Refusal(error.messages[0], field=name) from None


def _tell(customer, before, by):
    audit.record(customer.business, AuditEntry.Event.ADDRESS_CHANGED, by=by, name=customer.name)
    if before:
        mail.queue(
            "crm/mail/address_changed", to=before, customer=customer, about=customer, language=customer.language,
        )  # fmt: skip
