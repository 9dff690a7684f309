"""The ledger of consents: what a customer agreed to, in which words, when and how, and when it was withdrawn (Art. 7 GDPR).

`allows` is asked before every mail that is advertising, and before a photo is shown to others.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import current
from accounts.refusals import Refusal
from crm import timeline
from crm.models import Consent, Customer, Suppression

Purpose, Step, Source = Consent.Purpose, Consent.Step, Consent.Source
CONFIRM_WITHIN = 60 * 60 * 24 * 14  # seconds a link to confirm works
SALT = "crm.consent"
# a mail with advertising needs a click in the mailbox itself, so that nobody subscribes others (double opt-in)
CONFIRMED_BY_MAIL = {Purpose.MARKETING}
EVENTS = {
    Step.ASKED: timeline.Event.CONSENT_ASKED,
    Step.GIVEN: timeline.Event.CONSENT_GIVEN,
    Step.WITHDRAWN: timeline.Event.CONSENT_WITHDRAWN,
}


@dataclass(frozen=True)
class Wording:
    """What is agreed to, word for word. A change is a new version: old consents keep theirs."""

    purpose: str
    version: int
    de: str
    en: str


# Not in gettext: a consent is to exactly these words. `{business}` is the name of the firm.
WORDINGS = (
    Wording(
        Purpose.MARKETING, 1,
        "Ja, {business} darf mir per E-Mail Angebote und Neuigkeiten schicken. Das kann ich jederzeit widerrufen, am "
        "einfachsten über den Link in jeder E-Mail.",
        "Yes, {business} may send me offers and news by e-mail. I can withdraw this at any time, most easily with the link in "
        "each e-mail.",
    ),
    Wording(
        Purpose.FEEDBACK, 1,
        "Ja, {business} darf mich nach einem Auftrag per E-Mail fragen, wie zufrieden ich war. Das kann ich jederzeit "
        "widerrufen.",
        "Yes, {business} may ask me by e-mail after a job how satisfied I was. I can withdraw this at any time.",
    ),
    Wording(
        Purpose.PHOTOS, 1,
        "Ja, {business} darf Fotos der Arbeiten bei mir als Referenz zeigen, ohne meinen Namen und meine Anschrift. Das kann "
        "ich jederzeit für die Zukunft widerrufen.",
        "Yes, {business} may show photos of the work done at my place as a reference, without my name and address. I can "
        "withdraw this for the future at any time.",
    ),
)  # fmt: skip


def wording(purpose: str) -> Wording:
    """The words in force for a purpose."""
    return max((each for each in WORDINGS if each.purpose == purpose), key=lambda each: each.version)


def text(purpose: str, language: str = "de") -> str:
    """The words in force, as they are shown and kept."""
    found = wording(purpose)
    return (found.en if language == "en" else found.de).format(business=current.business().name)


def newest(customer: Customer) -> dict[str, Consent]:
    """The line that counts for each purpose; one query."""
    found: dict[str, Consent] = {}
    for line in Consent.objects.filter(customer=customer).select_related("by__user"):
        found.setdefault(line.purpose, line)
    return found


def allows(customer: Customer, purpose: str) -> bool:
    """Whether a customer may be written to, or his photos shown, for a purpose, today.

    Advertising: a consent for the very address. Asking for feedback: also the exception of § 7 (3) UWG, that is the notice
    when the address was collected and no objection since (R98).
    """
    return bool(allowed([customer], purpose))


def allowed(customers: Iterable[Customer], purpose: str) -> set[int]:
    """Which of some customers (their ids) `allows` holds for; two queries."""
    customers = list(customers)
    said = Consent.objects.filter(customer__in=customers, purpose=purpose, step__in=[Step.GIVEN, Step.WITHDRAWN])
    lines = {line.customer_id: line for line in said.order_by("at", "pk")}  # the newest stays
    if purpose == Purpose.PHOTOS:
        return {pk for pk, line in lines.items() if line.step == Step.GIVEN}
    silent = _suppressed({customer.email for customer in customers})
    return {
        customer.pk
        for customer in customers
        if customer.email not in silent and _may_be_written(customer, purpose, lines.get(customer.pk))
    }


def _may_be_written(customer, purpose, line):
    if not customer.email or (line is not None and line.step == Step.WITHDRAWN):
        return False
    if purpose == Purpose.FEEDBACK and customer.feedback_opt_out_at:
        return False
    if line is not None and line.email.lower() in ("", customer.email.lower()):
        return True
    return purpose == Purpose.FEEDBACK and customer.feedback_notice_at is not None


@transaction.atomic
def give(customer: Customer, purpose: str, *, source: str, by=None, note: str = "") -> Consent:
    """Note a consent that was given to us. Raises Refusal for advertising by mail without an address."""
    _refuse_without_address(customer, purpose)
    return _write(customer, purpose, Step.GIVEN, source=source, by=by, note=note)


@transaction.atomic
def ask(customer: Customer, purpose: str) -> Consent:
    """The customer ticked the box for a purpose that is confirmed by mail: nothing is allowed before that is done."""
    _refuse_without_address(customer, purpose)
    return _write(customer, purpose, Step.ASKED, source=Source.PORTAL)


@transaction.atomic
def withdraw(customer: Customer, purpose: str, *, source: str, by=None, note: str = "") -> Consent | None:
    """Take a consent back; as easy as giving it. Nothing happens where nothing was given or asked."""
    last = Consent.objects.filter(customer=customer, purpose=purpose).first()
    if last is None or last.step == Step.WITHDRAWN:
        return None
    return _write(customer, purpose, Step.WITHDRAWN, source=source, by=by, note=note)


def token(line: Consent) -> str:
    """What the link in the mail that asks for confirmation holds."""
    return signing.dumps(line.pk, salt=SALT)


def find(given: str) -> Consent | None:
    """The line a link of a mail is about, of whatever business; None for a link that is wrong or too old."""
    try:
        pk = signing.loads(given, salt=SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    return Consent.unscoped.select_related("customer", "business").filter(pk=pk, step=Step.ASKED).first()


@transaction.atomic
def confirm(line: Consent) -> bool:
    """The click in the mail (double opt-in); a second one changes nothing. False when it was withdrawn since, or the address
    is another one by now.
    """
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=line.customer_id)
    last = Consent.objects.filter(customer=customer, purpose=line.purpose).first()
    if last is not None and last.step == Step.GIVEN:
        return True
    if last is None or last.pk != line.pk or customer.email.lower() != line.email.lower():
        return False
    _write(customer, line.purpose, Step.GIVEN, source=Source.CONFIRMED, words=(line.wording, line.version))
    return True


def is_suppressed(address: str) -> bool:
    """Whether somebody with this address was erased or objected for good."""
    return bool(_suppressed({address}))


def _suppressed(addresses) -> set[str]:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    hashes = {_hash(address, key): address for address in addresses if address for key in keys}
    found = Suppression.objects.filter(address_hash__in=hashes).values_list("address_hash", flat=True)
    return {hashes[each] for each in found}


def suppress_all_of(customer: Customer) -> None:
    """Remember, as keyed hashes only, that nobody writes advertising to the addresses of a contact any more."""
    addresses = {customer.email, *Consent.objects.filter(customer=customer).values_list("email", flat=True)} - {""}
    rows = [Suppression(address_hash=_hash(address, settings.SECRET_KEY)) for address in sorted(addresses)]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)


def _refuse_without_address(customer, purpose):
    if purpose != Purpose.PHOTOS and not customer.email:
        raise Refusal(_("Für diesen Kontakt ist keine E-Mail-Adresse hinterlegt."), field="purpose")


def _write(customer, purpose, step, *, source, by=None, note="", words=()):
    shown, version = words or (text(purpose, customer.language), wording(purpose).version)
    line = Consent.objects.create(
        customer=customer, purpose=purpose, step=step, wording=shown, version=version, source=source,
        email="" if purpose == Purpose.PHOTOS else customer.email, note=note[:200], by=by, at=timezone.now(),
    )  # fmt: skip
    timeline.record(EVENTS[step], customer=customer, subject=line, by=by, purpose=purpose)
    return line


def _hash(address, key):
    return hmac.new(
        f"{key}:{current.business().pk}".encode(), address.strip().lower().encode(), hashlib.sha256
    ).hexdigest()
