"""A customer's own data as one file to keep or take elsewhere (GDPR Art. 15 and 20): what stands on their pages, no more.

Put together off the request: the row says that it was asked for, the due list does it, and deletes the file again.
"""

import json
import tempfile
import uuid
import zipfile
from datetime import timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accounts.wakeup import kick
from billing.models import Order
from crm import attachments, center_links, due, files, mail, timeline
from crm.models import AccessLink, Attachment, ContactProposal, DataExport, Message, WorkRequest
from portal import center

BUILD = "portal.data_export"
FORGET = "portal.data_export_gone"
LIVES = timedelta(days=3)
PAUSE = timedelta(hours=1)  # until another one is put together
IN_MEMORY = 4 * 1024 * 1024  # bytes; what is more is written to a temporary file

CONTACT = (
    "number", "kind", "company_name", "salutation", "first_name", "last_name", "email", "phone", "mobile", "street",
    "postcode", "city", "country", "vat_id", "registration_number", "leitweg_id", "language", "contact_by",
    "contact_note", "created_at",
)  # fmt: skip


def newest(customer) -> DataExport | None:
    """What was asked for last."""
    return DataExport.objects.filter(customer=customer).first()


@transaction.atomic
def ask(link: AccessLink) -> DataExport:
    """Have the data of a link's customer put together; the one of the last hour, if it is still there, is enough."""
    AccessLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    last = newest(link.customer)
    if last and (last.is_coming or (last.is_ready and last.created_at > timezone.now() - PAUSE)):
        return last
    export = DataExport.objects.create(customer=link.customer, link=link)
    timeline.record(timeline.Event.DATA_ASKED, customer=link.customer, subject=export)
    due.plan(BUILD, export, at=timezone.now())
    kick("crm.tasks.work_due")
    return export


def build(export: DataExport) -> None:
    """Put the file together and tell the customer. Safe to run twice: a file that is there stays."""
    if export.ready_at:
        return
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            papers = _papers(export.customer, archive)
            told = {**_told(export.customer), **papers}
            archive.writestr("daten.json", json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        size = target.tell()
        target.seek(0)
        name = default_storage.save(f"exports/{export.business_id}/{uuid.uuid4().hex}.zip", File(target))
    now = timezone.now()
    DataExport.objects.filter(pk=export.pk).update(file=name, size=size, ready_at=now, expires_at=now + LIVES)
    due.plan(FORGET, export, at=now + LIVES)
    link = export.link
    if link and (to := center_links.address_for(export.customer, link.sent_to)):
        language = export.customer.language
        mail.queue(
            "portal/mail/data_ready", to=to, customer=export.customer, link=link, about=export, language=language
        )


def forget(export: DataExport) -> None:
    """Delete the file; the row stays and says that it was handed out."""
    if export.file:
        default_storage.delete(export.file)
        DataExport.objects.filter(pk=export.pk).update(file="")


def _told(customer):
    """What is known of a customer, without what only the business sees."""
    links = AccessLink.objects.filter(customer=customer).exclude(way=AccessLink.Way.PAGE)
    messages = Message.objects.filter(customer=customer).prefetch_related("subject")
    return {
        "contact": {name: getattr(customer, name) for name in CONTACT},
        "contact_persons": list(customer.contact_persons.values("name", "role", "email", "phone", "mobile")),
        "sites": list(customer.sites.values("kind", "label", "addressee", "street", "postcode", "city", "country")),
        "proposed_changes": list(
            ContactProposal.objects.filter(customer=customer).values(
                "values", "comment", "created_at", "decided_at", "is_taken_over"
            )
        ),
        "appointments": list(
            customer.appointments.values("title", "place", "starts_at", "ends_at", "cancelled_at").order_by("starts_at")
        ),
        "messages": [
            {
                "about": str(message.subject) if message.subject else "",
                "from": message.author_name,
                "is_from_you": message.is_from_customer,
                "text": message.text,
                "sent_at": message.created_at,
            }
            for message in messages
        ],
        "requests": list(
            WorkRequest.objects.filter(customer=customer).values(
                "name", "email", "phone", "street", "postcode", "city", "text", "wanted_when", "repeats", "created_at"
            )
        ),
        # when our pages were looked at is kept, so it is told
        "links": list(links.values("purpose", "sent_to", "created_at", "expires_at", "seen_count", "last_seen_at")),
    }


def _papers(customer, archive):
    """Lists of all documents; their files go into the archive."""
    quotes = center.quotes_of(customer).order_by("pk")
    orders = center.orders_of(customer).order_by("pk")
    invoices = center.invoices_of(customer).order_by("pk")
    shared = center.files_of(customer).order_by("pk")
    for each in (*quotes, *orders, *invoices):
        version = f"-v{each.version}" if getattr(each, "version", 1) > 1 else ""
        _add(archive, f"belege/{each.number}{version}.pdf", each.pdf)
        _add(archive, f"belege/{each.number}.xml", getattr(each, "xml", ""))
    for each in center.sign_offs_of(customer):
        _add(archive, f"belege/Abnahme-{each.order.number}-{each.number}.pdf", each.pdf)
    written = Attachment.objects.present().filter(customer=customer, message__isnull=False, is_shared=False)
    for each in (*shared, *written):
        _add(archive, f"dateien/{each.pk}-{_file_name(each)}", _stored(each))
    return {
        "quotes": [_row(each, "number", "version", "title", "state", "gross", "sent_at", "valid_until", "decided_at")
                   for each in quotes],
        "orders": [_row(each, "number", "title", "state", "gross", "placed_at", "planned_on", "completed_on")
                   for each in orders],
        "invoices": [_row(each, "number", "kind", "title", "state", "gross", "paid", "issued_on", "due_on", "paid_on")
                     for each in invoices],
        "files": [_row(each, "name", "kind", "size", "created_at") for each in shared],
        "milestones": [
            {"order": order.number, "label": str(step), "planned_on": step.planned_on, "reached_at": step.reached_at,
             "note": step.note}
            for order in Order.objects.filter(customer=customer).defer("document").prefetch_related("milestones")
            for step in order.milestones.all() if step.is_shown
        ],
    }  # fmt: skip


def _row(document, *names):
    return {name: getattr(document, name) for name in names}


def _stored(attachment):
    """Photos as they are shown, without where and with what they were taken."""
    if attachment.kind == Attachment.Kind.PHOTO:
        return attachment.preview.name if attachments.is_shown(attachment) else ""
    return attachment.file.name


def _file_name(attachment):
    is_photo = attachment.kind == Attachment.Kind.PHOTO
    return f"{attachment.name.rpartition('.')[0] or attachment.name}.webp" if is_photo else attachment.name


def _add(archive, name, stored):
    """A stored file under a name of its own; one that is still being made, or gone, is left out."""
    if not stored:
        return
    try:
        archive.writestr(name, files.read(stored))
    except FileNotFoundError:
        return
