"""What can be done with a contact."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import current
from accounts.refusals import Refusal
from crm import certificates, numbering, timeline
from crm.models import Customer, CustomerTag, Tag

FIELDS = (
    "kind",
    "source",
    "company_name",
    "salutation",
    "first_name",
    "last_name",
    "email",
    "phone",
    "mobile",
    "street",
    "postcode",
    "city",
    "country",
    "vat_id",
    "registration_number",
    "leitweg_id",
    "language",
    "contact_by",
    "contact_note",
    "follow_up_on",
    "invoice_by",
    "builder_certificate",
    "builder_from",
    "builder_until",
    "dunning_stop",
)


@transaction.atomic
def create(*, by=None, tags=(), **fields) -> Customer:
    """A new contact with the next customer number. `fields` are those of FIELDS."""
    customer = Customer(**fields)
    customer.number = numbering.take_customer_number()
    customer.save()
    set_tags(customer, tags)
    timeline.record(timeline.Event.CUSTOMER_CREATED, customer=customer, by=by, number=customer.number)
    certificates.watch(customer)
    return customer


@transaction.atomic
def change(customer: Customer, *, by=None, **fields) -> Customer:
    """Change master data. Issued documents keep the data they were issued with."""
    changed = [name for name, value in fields.items() if getattr(customer, name) != value]
    for name in changed:
        setattr(customer, name, fields[name])
    with current.acting_as(by or current.member()):
        customer.save()
    if changed:
        timeline.record(timeline.Event.CUSTOMER_CHANGED, customer=customer, by=by, fields=", ".join(sorted(changed)))
    if "builder_until" in changed:
        certificates.watch(customer)
    return customer


@transaction.atomic
def set_tags(customer: Customer, names) -> None:
    """Let the contact carry exactly these tags; new words become tags."""
    wanted = {" ".join(name.split())[:40] for name in names if name.strip()}
    there = {tag.name: tag for tag in Tag.objects.filter(name__in=wanted)}
    for name in sorted(wanted - there.keys()):
        there[name] = Tag.objects.create(name=name)
    CustomerTag.objects.filter(customer=customer).exclude(tag__in=there.values()).delete()
    kept = set(CustomerTag.objects.filter(customer=customer).values_list("tag_id", flat=True))
    CustomerTag.objects.bulk_create(
        [CustomerTag(customer=customer, tag=tag) for tag in there.values() if tag.pk not in kept]
    )


def give_feedback_notice(customer: Customer, given: bool) -> None:
    """Note that the contact was told of feedback mails and the right to object, when the address was taken (R98)."""
    rows = Customer.objects.filter(pk=customer.pk)
    if given:
        rows.filter(feedback_notice_at=None).update(feedback_notice_at=timezone.now())
    else:
        rows.update(feedback_notice_at=None)


def archive(customer: Customer) -> None:
    """Put a contact away: out of lists and search, nothing is lost."""
    Customer.objects.filter(pk=customer.pk, archived_at=None).update(archived_at=timezone.now())


def unarchive(customer: Customer) -> None:
    """Take a contact back into the lists. Raises Refusal for one that lives on in another."""
    if customer.merged_into_id:
        raise Refusal(
            _("Dieser Kontakt ist mit „%(name)s“ zusammengeführt. Trennen Sie die beiden dort im Verlauf.")
            % {"name": living(customer)}
        )
    Customer.objects.filter(pk=customer.pk).update(archived_at=None)


def living(customer: Customer) -> Customer:
    """The contact itself, or the one it lives on in since they were merged: where old addresses lead."""
    while customer.merged_into_id:
        customer = Customer.objects.get(pk=customer.merged_into_id)
    return customer


def refuse_archived(customer: Customer) -> None:
    """Raise Refusal for a contact that is put away: it gets no new documents."""
    if customer.archived_at:
        raise Refusal(
            _("„%(name)s“ ist archiviert. Holen Sie den Kontakt zuerst aus dem Archiv, dann können Sie weiterarbeiten.")
            % {"name": customer},
            field="customer",
        )
