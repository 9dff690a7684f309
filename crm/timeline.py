"""The timeline (Verlauf): every verb of every app records here what it did, in its own transaction."""

from datetime import timedelta

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Note, TimelineEntry

DELETED_STAYS = timedelta(hours=1)  # a deleted note is shown that long as deleted, with the way back


class Event(models.TextChoices):
    """What happens with contacts themselves."""

    CUSTOMER_CREATED = "crm.customer_created", _("Kontakt angelegt")
    CUSTOMER_CHANGED = "crm.customer_changed", _("Kontaktdaten geändert")
    CUSTOMER_MERGED = "crm.customer_merged", _("Mit einem anderen Kontakt zusammengeführt")
    CUSTOMER_UNMERGED = "crm.customer_unmerged", _("Kontakte wieder getrennt")
    NOTE_ADDED = "crm.note_added", _("Notiz")
    FILE_ADDED = "crm.file_added", _("Datei")
    TODO_ADDED = "crm.todo_added", _("Aufgabe")
    TODO_DONE = "crm.todo_done", _("Aufgabe erledigt")
    APPOINTMENT_ADDED = "crm.appointment_added", _("Termin")
    MAIL_SENT = "crm.mail_sent", _("E-Mail gesendet")
    MAIL_FAILED = "crm.mail_failed", _("E-Mail nicht zugestellt")
    MAIL_BOUNCED = "crm.mail_bounced", _("E-Mail-Adresse weist ab")
    QUESTION_ASKED = "crm.question_asked", _("Frage")
    ANSWER_SENT = "crm.answer_sent", _("Antwort")
    REQUEST_RECEIVED = "crm.request_received", _("Anfrage")
    LINK_FETCHED = "crm.link_fetched", _("Link abgerufen (evtl. automatisch)")
    LINK_SEEN = "crm.link_seen", _("angesehen")
    LINK_LOCKED = "crm.link_locked", _("Falsche Postleitzahlen")
    PROPOSAL_MADE = "crm.proposal_made", _("Kunde möchte Kontaktdaten ändern")
    PROPOSAL_TAKEN_OVER = "crm.proposal_taken_over", _("Änderung des Kunden übernommen")
    PROPOSAL_REFUSED = "crm.proposal_refused", _("Änderung des Kunden nicht übernommen")
    WAY_CHOSEN = "crm.way_chosen", _("Kunde sagt, wie er erreicht werden möchte")
    VAT_ID_CHECKED = "crm.vat_id_checked", _("USt-IdNr. geprüft")
    DATA_ASKED = "crm.data_asked", _("Kunde lädt seine Daten herunter")


def record(event, *, customer, subject=None, by=None, **facts) -> TimelineEntry:
    """Write one line. `facts` hold references and amounts as text, no personal texts; the row never changes."""
    return TimelineEntry.objects.create(
        customer=customer,
        event=str(event),
        subject_type=ContentType.objects.get_for_model(subject) if subject is not None else None,
        subject_id=subject.pk if subject is not None else None,
        by=by,
        facts={name: str(value) for name, value in facts.items()},
        at=timezone.now(),
    )


def of(customer, *, only=()):
    """What happened with a contact, newest first, with all that its templates show: few queries for any number.

    `only` are beginnings of events ("billing.quote", "crm.note"); "crm.file" also finds notes and messages with photos.
    A model that its templates ask for more says what in a classmethod `for_timeline`, which returns a queryset.
    """
    long_ago = timezone.now() - DELETED_STAYS
    deleted = Note.objects.filter(customer=customer, deleted_at__lt=long_ago).values("pk")
    entries = TimelineEntry.objects.filter(customer=customer).exclude(event=Event.NOTE_ADDED, subject_id__in=deleted)
    if only:
        wanted = Q()
        for beginning in only:
            wanted |= Q(event__startswith=beginning)
            if beginning == "crm.file":
                wanted |= Q(event=Event.NOTE_ADDED) & ~Q(facts__files="0")
                wanted |= Q(event__in=[Event.QUESTION_ASKED, Event.ANSWER_SENT], facts__has_key="files")
        entries = entries.filter(wanted)
    subjects = [model.for_timeline() for model in apps.get_models() if hasattr(model, "for_timeline")]
    return (
        entries.select_related("by__user", "customer")
        .prefetch_related(GenericPrefetch("subject", subjects))
        .order_by("-at", "-pk")
    )


def older_than(entries, pk: int):
    """Those behind the entry `pk`; all when there is no such entry."""
    last = TimelineEntry.objects.filter(pk=pk).values_list("at", "pk").first()
    return entries.filter(Q(at__lt=last[0]) | Q(at=last[0], pk__lt=last[1])) if last else entries
