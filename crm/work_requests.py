"""Requests for work (Anfragen): somebody asks, from the page of all documents or over the business's website; the office
says who it is and answers. What a stranger writes never touches the data of a contact.
"""

import re
from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import current
from accounts.models import Business
from accounts.refusals import Refusal
from crm import agenda, attachments, customers, due, folding, mail, mail_limits, timeline
from crm.models import Customer, Mail, WorkRequest, WorkRequestPhoto

FORGET = "crm.request_forget"
KEPT = timedelta(days=90)  # what a stranger wrote and nobody wanted (GDPR Art. 5 (1) e)
LONGEST = 5000  # characters
MOST_PHOTOS = 8
MOST_LINKS = 2  # more of them is advertising
AGAIN = timedelta(minutes=10)  # the same words within that time were sent twice, not meant twice
CONFIRMED = "crm/mail/request_received"
ONE_MAIL_IN = timedelta(hours=1)

State, Source = WorkRequest.State, WorkRequest.Source
_LINK = re.compile(r"https?:|www\.|\[url", re.I)


def receive(*, source, text, name, customer=None, photos=(), **said) -> WorkRequest:
    """Take a request; the office and whoever asked are told by mail. Sent twice it is one request.

    `customer` is known for Source.CENTER and None for Source.WEBSITE. `photos` are uploaded files; they are kept
    re-encoded, without place data (P73). `said`: email, phone, street, postcode, city, wanted_when, repeats.
    Raises Refusal (field "text", "email" or "photos") for what is missing, too long or not accepted.
    """
    said = {field: value.strip() for field, value in said.items()} | {"text": text.strip(), "name": name.strip()}
    _check(said, source, photos)
    # decoding takes seconds and must not hold a transaction open
    pictures = [(attachments.clean_name(file.name, ".webp"), *_decoded(file)) for file in photos]
    with transaction.atomic():
        # of two clicks at once the second waits; whatever else the business does goes on
        Business.objects.select_for_update(no_key=True).get(pk=current.business().pk)
        if known := _sent_before(customer, said):
            return known
        request = WorkRequest.objects.create(source=source, customer=customer, **said)
        for photo_name, picture, (width, height) in pictures:
            photo = WorkRequestPhoto(request=request, name=photo_name, width=width, height=height)
            photo.claim()  # its place names the business
            photo.file.save(photo_name, ContentFile(picture))
        if customer:
            _belongs_to(request, customer)
        _tell(request)
    return request


@transaction.atomic
def assign(request: WorkRequest, customer: Customer, *, by) -> None:
    """Say whose request it is; its photos become files of that contact, whose data stay as they are.

    Raises Refusal when somebody else has said it already.
    """
    locked = WorkRequest.objects.select_for_update().get(pk=request.pk)
    if locked.customer_id is not None:
        raise Refusal(_("Diese Anfrage ist schon einem Kontakt zugeordnet. Bitte laden Sie die Seite neu."))
    WorkRequest.objects.filter(pk=request.pk).update(customer=customer)
    request.customer = customer
    due.drop(FORGET, request)
    _belongs_to(request, customer, by=by)


@transaction.atomic
def make_contact(request: WorkRequest, *, by) -> Customer:
    """A new prospect from what was written. Who may be there already: `matches`. Raises Refusal as `assign`."""
    first_name, _blank, last_name = request.name.rpartition(" ")
    customer = customers.create(
        by=by,
        source=Customer.Source.WEBSITE,
        first_name=first_name[:80],
        last_name=last_name[:80],
        email=request.email,
        phone=request.phone,
        street=request.street,
        postcode=request.postcode,
        city=request.city,
    )
    assign(request, customer, by=by)
    return customer


def answer(request: WorkRequest, *, by) -> None:
    """Somebody answered, by a quote or a call."""
    _decide(request, State.ANSWERED, by)


@transaction.atomic
def dismiss(request: WorkRequest, *, by) -> None:
    """Nothing comes of it. What a stranger wrote is deleted after `KEPT`."""
    _decide(request, State.DISMISSED, by)
    if request.customer_id is None:
        due.plan(FORGET, request, at=timezone.now() + KEPT)
        due.take_up(FORGET, request)  # dismissed, opened again and dismissed on one day


@transaction.atomic
def reopen(request: WorkRequest) -> None:
    """Undo `answer` or `dismiss`."""
    WorkRequest.objects.filter(pk=request.pk).update(state=State.NEW, decided_at=None, by=None)
    due.drop(FORGET, request)
    request.refresh_from_db()


def forget(request: WorkRequest) -> None:
    """Due handler: delete what a stranger wrote, with photos and mails, when nobody wanted it for `KEPT`."""
    long_ago = timezone.now() - KEPT
    unwanted = WorkRequest.objects.filter(state=State.DISMISSED, customer=None, decided_at__lte=long_ago)
    if not unwanted.filter(pk=request.pk).exists():
        return
    for name in request.photos.values_list("file", flat=True):
        transaction.on_commit(partial(default_storage.delete, name))
    _mails(request).delete()
    request.delete()


def matches(request: WorkRequest) -> list[Customer]:
    """Contacts with the same e-mail address or telephone number, at most five."""
    wanted = Q(email__iexact=request.email) if request.email else Q()
    for digits in folding.fold_phones(request.phone).split():
        if len(digits) >= 5:
            wanted |= Q(search_text__contains=f" {digits} ")
    return list(Customer.objects.active().filter(wanted).order_by("name", "pk")[:5]) if wanted else []


def waiting(member) -> list:
    """What stands behind the entry of the menu (settings.NAV_COUNTERS)."""
    return [agenda.work_requests(member)] if agenda.sees_all(member) else []


def _check(said, source, photos):
    if not said["text"]:
        raise Refusal(_("Bitte schreiben Sie, worum es geht."), field="text")
    if len(said["text"]) > LONGEST:
        raise Refusal(_("Bitte kürzen Sie Ihren Text auf höchstens 5.000 Zeichen."), field="text")
    if source == Source.WEBSITE:
        if not said.get("email") and not said.get("phone"):
            raise Refusal(_("Bitte tragen Sie Ihre E-Mail-Adresse oder Telefonnummer ein."), field="email")
        if len(_LINK.findall(said["text"])) > MOST_LINKS or _LINK.search(said["name"]):
            raise Refusal(_("Bitte schreiben Sie höchstens zwei Internetadressen in Ihren Text."), field="text")
    if len(photos) > MOST_PHOTOS:
        raise Refusal(_("Bitte wählen Sie höchstens acht Fotos."), field="photos")


def _decoded(file):
    try:
        return attachments.reencode(file)
    except Refusal as refusal:
        raise Refusal(refusal.message, field="photos") from refusal


def _sent_before(customer, said):
    same = {field: said.get(field, "") for field in ("name", "text", "email", "phone")}
    return WorkRequest.objects.filter(customer=customer, created_at__gte=timezone.now() - AGAIN, **same).first()


def _belongs_to(request, customer, *, by=None):
    """A line on the timeline; the photos become files of the contact, which a quote can show."""
    for photo in request.photos.all():
        with photo.file.open() as file:
            copy = ContentFile(file.read(), name=photo.name)
        attachments.add(customer, copy, by=by, is_told=False)
    timeline.record(timeline.Event.REQUEST_RECEIVED, customer=customer, subject=request, by=by, source=request.source)


def _decide(request, state, by):
    WorkRequest.objects.filter(pk=request.pk).update(state=state, decided_at=timezone.now(), by=by)
    request.refresh_from_db()


def _tell(request):
    """The office, and whoever asked."""
    business, customer = current.business(), request.customer
    if business.email:
        mail.queue("crm/mail/request_arrived", to=business.email, about=request, work_request=request)
    to = customer.email if customer else request.email
    if not to or mail_limits.is_refused(to):
        return
    if customer:
        mail.queue(CONFIRMED, to=to, customer=customer, about=request, work_request=request, language=customer.language)
    elif not _written_lately(to):
        # the address may be anybody's: one mail an hour, and none of the words that somebody typed
        mail.queue(CONFIRMED, to=to, about=request, language=translation.get_language() or "de")


def _written_lately(address):
    since = timezone.now() - ONE_MAIL_IN
    return Mail.objects.filter(kind=CONFIRMED, to__iexact=address, created_at__gte=since).exists()


def _mails(request):
    from django.contrib.contenttypes.models import ContentType

    return Mail.objects.filter(about_type=ContentType.objects.get_for_model(WorkRequest), about_id=request.pk)
