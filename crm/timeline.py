"""The timeline (Verlauf): every verb of every app records here what it did, in its own transaction."""

from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models, transaction
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refusal
from crm import timeline_search
from crm.models import Comment, Note, Pin, TimelineEntry

MOST_PINS = 10
DELETED_STAYS = timedelta(hours=1)  # a deleted note is shown that long as deleted, with the way back


class Event(models.TextChoices):
    """What happens with contacts themselves."""

    CUSTOMER_CREATED = "crm.customer_created", _("Kontakt angelegt")
    CUSTOMER_CHANGED = "crm.customer_changed", _("Kontaktdaten geändert")
    CUSTOMER_MERGED = "crm.customer_merged", _("Mit einem anderen Kontakt zusammengeführt")
    CUSTOMER_UNMERGED = "crm.customer_unmerged", _("Kontakte wieder getrennt")
    NOTE_ADDED = "crm.note_added", _("Notiz")
    CALL_NOTED = "crm.call_noted", _("Anruf")
    MAIL_WRITTEN = "crm.mail_written", _("E-Mail")
    FILE_ADDED = "crm.file_added", _("Datei")
    TODO_ADDED = "crm.todo_added", _("Aufgabe")
    TODO_DONE = "crm.todo_done", _("Aufgabe erledigt")
    APPOINTMENT_ADDED = "crm.appointment_added", _("Termin")
    APPOINTMENT_OFFERED = "crm.appointment_offered", _("Termin vorgeschlagen")
    APPOINTMENT_PICKED = "crm.appointment_picked", _("Kunde hat einen Termin gewählt")
    APPOINTMENT_MOVED = "crm.appointment_moved", _("Termin verschoben")
    APPOINTMENT_CANCELLED = "crm.appointment_cancelled", _("Termin abgesagt")
    APPOINTMENT_REFUSED = "crm.appointment_refused", _("Kein Terminvorschlag passt")
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
    CONSENT_ASKED = "crm.consent_asked", _("Einwilligung angefragt")
    CONSENT_GIVEN = "crm.consent_given", _("Einwilligung erteilt")
    CONSENT_WITHDRAWN = "crm.consent_withdrawn", _("Einwilligung widerrufen")
    PRIVACY_ASKED = "crm.privacy_asked", _("Anfrage zum Datenschutz")
    PRIVACY_ANSWERED = "crm.privacy_answered", _("Anfrage zum Datenschutz beantwortet")
    CONTACT_RESTRICTED = "crm.contact_restricted", _("Gelöscht, soweit das Gesetz es erlaubt")


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


@dataclass(frozen=True)
class Wanted:
    """What of a timeline is asked for; all of it has to fit.

    `only` are beginnings of events ("billing.quote", "crm.note"); "crm.file" also finds notes and messages with photos.
    `tag` and `by` are ids; `is_without_member` finds what nobody of the business did. `text` is looked for in words, names
    of files, comments and, with `sees_money`, in subjects of mails and numbers.
    """

    only: tuple[str, ...] = ()
    tag: int | None = None
    by: int | None = None
    is_without_member: bool = False
    text: str = ""
    sees_money: bool = False

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return not (self.only or self.tag or self.by or self.is_without_member or self.text)


EVERYTHING = Wanted()


def of(customer, wanted: Wanted = EVERYTHING):
    """What happened with a contact, newest first, with all that its templates show: few queries for any number.

    A model that its templates ask for more says what in a classmethod `for_timeline`, which returns a queryset.
    """
    subjects = [model.for_timeline() for model in apps.get_models() if hasattr(model, "for_timeline")]
    comments = Comment.objects.filter(deleted_at=None).select_related("by__user")
    return (
        _matching(customer, wanted)
        .select_related("by__user", "customer")
        .prefetch_related(GenericPrefetch("subject", subjects), "entry_tags__tag", Prefetch("comments", comments))
        .order_by("-at", "-pk")
    )


def unpinned(entries):
    """Those that stand in their place; the others stand above all (`pinned`)."""
    return entries.filter(pin=None)


def pinned(entries):
    """Those that stay on top, the last pinned first."""
    return entries.filter(pin__isnull=False).order_by("-pin__at", "-pk")


def older_than(entries, pk: int):
    """Those behind the entry `pk`; all when there is no such entry."""
    last = TimelineEntry.objects.filter(pk=pk).values_list("at", "pk").first()
    return entries.filter(Q(at__lt=last[0]) | Q(at=last[0], pk__lt=last[1])) if last else entries


# --- pins ---------------------------------------------------------------------------------------------------------------
@transaction.atomic
def pin(entry: TimelineEntry, *, by=None) -> None:
    """Keep a line on top of its timeline. Raises Refusal when ten are there already."""
    if Pin.objects.filter(customer=entry.customer_id).exclude(entry=entry).count() >= MOST_PINS:
        raise Refusal(
            gettext("Es sind schon %(n)s Einträge angeheftet. Bitte lösen Sie zuerst einen davon.") % {"n": MOST_PINS}
        )
    Pin.objects.get_or_create(entry=entry, defaults={"customer_id": entry.customer_id, "by": by})


def unpin(entry: TimelineEntry) -> None:
    """Undo `pin`: it stands in its place again."""
    Pin.objects.filter(entry=entry).delete()


def _matching(customer, wanted):
    long_ago = timezone.now() - DELETED_STAYS
    deleted = Note.objects.filter(customer=customer, deleted_at__lt=long_ago).values("pk")
    entries = TimelineEntry.objects.filter(customer=customer)
    entries = entries.exclude(event__in=[Event.NOTE_ADDED, Event.CALL_NOTED], subject_id__in=deleted)
    if wanted.only:
        entries = entries.filter(_of_kinds(wanted.only))
    if wanted.tag:
        entries = entries.filter(entry_tags__tag=wanted.tag)
    if wanted.is_without_member:
        entries = entries.filter(by=None)
    elif wanted.by:
        entries = entries.filter(by=wanted.by)
    return timeline_search.containing(entries, customer, wanted.text, sees_money=wanted.sees_money)


def _of_kinds(beginnings):
    wanted = Q()
    for beginning in beginnings:
        wanted |= Q(event__startswith=beginning)
        if beginning == "crm.file":
            wanted |= Q(event=Event.NOTE_ADDED) & ~Q(facts__files="0")
            wanted |= Q(event__in=[Event.QUESTION_ASKED, Event.ANSWER_SENT], facts__has_key="files")
    return wanted
