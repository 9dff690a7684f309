"""What can be done with an online payment: offer it, begin it, find out what became of it.

What counts is the provider's word. That the customer came back, or that a message arrived, is only a reason to ask.
No transaction is open while a provider is asked; what it said is booked in one.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats, wakeup
from accounts.refusals import Refusal
from billing import journal, payments
from billing.events import Event
from billing.models import Invoice, OnlinePayment, Payment, PaymentAccount, Provider
from billing.online import interface, keys
from billing.online.interface import State
from crm import due, timeline, todos

logger = logging.getLogger(__name__)

KIND = "billing.online_payment"
PAGE_LIVES = timedelta(hours=1)  # and until the next full hour; a provider's page is no invoice
FIRST_LOOK, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=6)
GIVE_UP = timedelta(days=21)  # a SEPA debit through a provider takes up to two weeks
MOST_MESSAGES = 300  # of a provider to a business, in a minute
ZERO = Decimal("0.00")

Open = OnlinePayment.State.OPEN


@dataclass(frozen=True)
class Offer:
    """A way to pay that the business switched on."""

    provider: str
    name: str
    origin: str  # of the page it leads to, "https://checkout.stripe.com"

    @property
    def host(self) -> str:
        return urlsplit(self.origin).netloc


class NotNow(Refusal):
    """The provider cannot be reached, or does not want to. The customer can always transfer the money."""

    status = 503


def offers(invoice: Invoice) -> list[Offer]:
    """How what is open can be paid online, in the order of `Provider`; nothing for invoices that are not to be paid."""
    amount = invoice.open_amount
    if amount <= 0 or invoice.retention_percent:  # of a retention a part is not due: its customers transfer the rest
        return []
    on = PaymentAccount.objects.filter(is_on=True).exclude(credentials="").values_list("provider", flat=True)
    found = set(on)
    return [
        Offer(provider.value, str(provider.label), settings.ONLINE_PAYMENT[provider]["pages"])
        for provider in Provider
        if provider in found and keys.ADAPTERS[provider].SMALLEST <= amount <= keys.ADAPTERS[provider].LARGEST
    ]


def providers() -> list[str]:
    """Names of the providers the business lets its customers pay with, for its privacy notice."""
    on = PaymentAccount.objects.filter(is_on=True).exclude(credentials="").order_by("provider")
    return [str(account) for account in on]


def start(invoice: Invoice, provider: str, *, return_url: str, cancel_url: str, language: str = "de") -> OnlinePayment:
    """Have the provider make a page on which what is open now can be paid.

    Asked again within the hour it is the same page. Raises Refusal for an invoice that is not to be paid (any more) and
    for a provider that is switched off, NotNow for one that is away.
    """
    invoice = Invoice.objects.select_related("customer").get(pk=invoice.pk)
    if invoice.open_amount <= 0:
        raise Refusal(_("Diese Rechnung ist nicht mehr zu bezahlen. Bitte laden Sie die Seite neu."))
    offer = next((offer for offer in offers(invoice) if offer.provider == provider), None)
    account = keys.account_of(provider) if offer else None
    if offer is None or account is None:
        raise Refusal(_("So kann diese Rechnung nicht bezahlt werden. Sie können überweisen."))
    wish = _wish(invoice, provider, return_url, cancel_url, language)
    try:
        page = keys.adapter_of(account).start(wish)
    except interface.WrongKeys as error:
        logger.warning("%s refused the keys of %s: %s", provider, invoice.business, error)
        _ask_for_keys(account)
        raise _not_now(account) from None
    except (interface.Unreachable, interface.Declined) as error:
        logger.warning("%s made no page for %s: %s", provider, invoice, error)
        raise _not_now(account) from None
    return _begun(invoice, provider, page, wish.amount)


def may_open(url: str, offer_origin: str) -> bool:
    """Whether a form of ours may lead to that address (the page's content security policy says where to)."""
    parts, wanted = urlsplit(url), urlsplit(offer_origin)
    return (parts.scheme, parts.netloc) == (wanted.scheme, wanted.netloc)


def settle(online: OnlinePayment) -> OnlinePayment:
    """Ask the provider what became of it and book what came in, once however often and by whomever this is called.

    Money that was only approved is taken while the invoice still needs all of it, and left where it is otherwise.
    Raises the errors of `interface`.
    """
    if online.state != Open:
        return online
    account = keys.account_of(online.provider)
    if account is None:
        raise interface.WrongKeys("no keys")
    adapter = keys.adapter_of(account)
    answer = adapter.ask(online.external_id)
    is_needed = Invoice.objects.get(pk=online.invoice_id).open_amount >= online.amount
    if answer.state == State.APPROVED:
        answer = adapter.take(online.external_id) if is_needed else interface.Answer(State.FAILED)
    elif answer.state == State.WAITING and not is_needed:
        adapter.close(online.external_id)  # nobody shall pay twice
        answer = adapter.ask(online.external_id)
    return _book(online, answer)


def close_others(online: OnlinePayment) -> None:
    """Whoever began anew does not pay on the earlier pages: close them, and look whether that came too late."""
    account_of: dict[str, PaymentAccount | None] = {}
    earlier = OnlinePayment.objects.filter(invoice=online.invoice_id, state=Open, pk__lt=online.pk)
    for other in earlier:
        account = account_of.setdefault(other.provider, keys.account_of(other.provider))
        if account is not None:
            keys.adapter_of(account).close(other.external_id)
            settle(other)


def hear(provider: str, body: bytes, headers: Mapping[str, str]) -> None:
    """A message of a provider: look after the payment it is about. Raises Forged for one that is not the provider's."""
    account = keys.account_of(provider) if provider in keys.ADAPTERS else None
    if account is None:
        raise interface.Forged("nobody to hear it")
    external_id = keys.adapter_of(account).heard(body, headers)
    online = OnlinePayment.objects.filter(provider=provider, external_id=external_id, state=Open).first()
    if online:
        wakeup.kick("billing.tasks.settle_online_payment", online.pk)


def ask_again(online: OnlinePayment) -> None:
    """Due handler: as long as there is no last word, have the provider asked, ever more rarely."""
    if online.state != Open:
        return
    now = timezone.now()
    age = now - online.created_at
    if age > GIVE_UP:
        _give_up(online)
        return
    # a due row is worked off in a transaction, and no provider is asked in one
    wakeup.send("billing.tasks.settle_online_payment", online.pk)
    raise due.Later(now + min(max(age, FIRST_LOOK), LONGEST_PAUSE))


def _wish(invoice, provider, return_url, cancel_url, language):
    now = timezone.now()
    expires_at = now.replace(minute=0, second=0, microsecond=0) + PAGE_LIVES + timedelta(hours=1)
    amount = invoice.open_amount
    tries = OnlinePayment.objects.filter(invoice=invoice).exclude(state=Open).count()
    same = (invoice.pk, provider, amount, tries, return_url, language, expires_at.isoformat())
    return interface.Wish(
        key=hashlib.sha256(repr(same).encode()).hexdigest(),
        amount=amount,
        number=invoice.number or "",
        text=_("Rechnung %(number)s") % {"number": invoice.number},
        seller=invoice.business.name,
        language=language,
        return_url=return_url,
        cancel_url=cancel_url,
        expires_at=expires_at,
    )


@transaction.atomic
def _begun(invoice, provider, page, amount):
    online, is_new = OnlinePayment.objects.get_or_create(
        provider=provider,
        external_id=page.external_id,
        defaults={"invoice": invoice, "amount": amount, "page_url": page.url},
    )
    if is_new:
        due.plan(KIND, online, at=timezone.now() + FIRST_LOOK)
        wakeup.kick("billing.tasks.close_online_payments", online.pk)
    return online


@transaction.atomic
def _book(online, answer):
    online = OnlinePayment.objects.select_for_update(of=("self",)).get(pk=online.pk)
    if online.state != Open or answer.state not in {State.PAID, State.FAILED}:
        return online
    online.settled_at = timezone.now()
    online.state = OnlinePayment.State.PAID if answer.state == State.PAID else OnlinePayment.State.FAILED
    if answer.state == State.PAID:
        _book_money(online, answer)
    online.save()
    due.drop(KIND, online)
    return online


def _book_money(online, answer):
    """What the invoice still needs is its payment; whatever is more is told to the office, to be given back."""
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related("customer").get(pk=online.invoice_id)
    online.received = answer.amount
    usable = min(answer.amount, invoice.open_amount) if answer.currency == "EUR" else ZERO
    if usable > 0:
        online.payment = payments.record(
            invoice, amount=usable, received_on=timezone.localdate(), by=None, method=Payment.Method.ONLINE, is_designated=True,
            note=f"{online.get_provider_display()} {answer.reference or online.external_id}"[:140],
        )  # fmt: skip
    if surplus := answer.amount - usable:
        facts = {"number": invoice.number, "amount": surplus, "provider": str(online.get_provider_display())}
        journal.write(Event.ONLINE_SURPLUS, online, invoice=invoice.number, received=answer.amount, surplus=surplus)
        timeline.record(Event.ONLINE_SURPLUS, customer=invoice.customer, subject=invoice, **facts)
        text = _("%(amount)s zu viel über %(provider)s bezahlt, Rechnung %(number)s: bitte dort zurückzahlen")
        amount = formats.euro(surplus) if answer.currency == "EUR" else f"{surplus} {answer.currency}"
        _ask_office(text % {**facts, "amount": amount}, invoice)


@transaction.atomic
def _give_up(online):
    online = OnlinePayment.objects.select_for_update(of=("self",)).select_related("invoice__customer").get(pk=online.pk)
    online.state, online.settled_at = OnlinePayment.State.FAILED, timezone.now()
    online.save()
    text = _("%(provider)s sagt nicht, was aus der Zahlung zu %(number)s wurde: bitte dort nachsehen")
    _ask_office(text % {"provider": online.get_provider_display(), "number": online.invoice.number}, online.invoice)


def _ask_for_keys(account):
    text = _("%(provider)s nimmt Ihre Schlüssel nicht mehr an: bitte unter „Online bezahlen“ neu eingeben")
    _ask_office(text % {"provider": account}, account)


def _ask_office(text, about):
    if not todos.waiting_about(about, text):
        customer = getattr(about, "customer", None)
        todos.add(text, by=None, customer=customer, about=about, due_on=timezone.localdate())


def _not_now(account):
    return NotNow(
        _(
            "%(provider)s ist gerade nicht zu erreichen. Bitte versuchen Sie es später noch einmal. Sie können überweisen."
        )
        % {"provider": account}
    )
