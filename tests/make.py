"""Makers: plain functions that build what a test needs by the real verbs. One section per app, from the bottom up."""

import io
import itertools
import time
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import time_machine
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from accounts import current
from accounts.models import Business, Member, User
from accounts.rights import Role
from billing import (
    amendments,
    bank_statements,
    choices,
    delivery_notes,
    incoming_invoices,
    invoices,
    legal_texts,
    orders,
    quotes,
    sign_off_papers,
    sign_offs,
    standing_invoices,
)
from billing.models import CatalogueItem, Invoice, Order, Quote, SignOff
from crm import (
    access,
    access_codes,
    appointments,
    arrangements,
    center_links,
    customers,
    mail,
    notes,
    todos,
    vat_id_checks,
    work_requests,
)
from crm.models import AccessLink, Appointment, Arrangement, Customer, Mail, Note, Todo, WorkRequest
from feedback import requests
from feedback.models import FeedbackAnswer, FeedbackRequest
from portal import codes
from tests.billing.banking import samples

_counter = itertools.count(1)


class Browser(Client):
    """A test client whose requests do not see for which business the test itself works."""

    def request(self, **request):
        with current.working_for(None):
            response = super().request(**request)
        response.close = partial(self._close, response.close)
        return response

    @staticmethod
    def _close(close):
        """End an answer that was not read, without ending the test's own database connection (as Django's client does
        for those that were)."""
        request_finished.disconnect(close_old_connections)
        try:
            close()
        finally:
            request_finished.connect(close_old_connections)


# --- accounts ---------------------------------------------------------------------------------------------------------
def make_business(name="Tischlerei Haselbach", **fields) -> Business:
    """A business with all it needs to write documents."""
    n = next(_counter)
    return Business.objects.create(
        name=name,
        slug=fields.pop("slug", f"betrieb-{n}"),
        **{
            "legal_name": f"{name}, Inh. Jana Haselbach",
            "owner_name": "Jana Haselbach",
            "trade": "Tischlerei",
            "street": "Werkhof 3",
            "postcode": "22145",
            "city": "Hamburg",
            "phone": "040 66969120",
            "email": "post@haselbach.example",
            "tax_number": "22/345/67898",
            "account_holder": "Jana Haselbach",
            "iban": "DE89370400440532013000",
            **fields,
        },
    )


def make_member(role=Role.OWNER, *, name="Jana Haselbach", business=None, email="") -> Member:
    """A user with a part in the current business."""
    user = User.objects.create_user(
        email or f"person{next(_counter)}@haselbach.example", "ein-langes-passwort", name=name
    )
    years = {"audits_from": 2000, "audits_until": 2100} if role == Role.AUDITOR else {}
    return Member.objects.create(business=business or current.business(), user=user, role=role, **years)


def make_user(email="", *, name="Mara Engel", is_verified=True) -> User:
    """Somebody with an account and no business; `is_verified` says that the address was confirmed."""
    user = User.objects.create_user(email or f"person{next(_counter)}@engel.example", "ein-langes-passwort", name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=is_verified, primary=True)
    return user


def signed_in(member: Member) -> Browser:
    """A browser in which this member has signed in."""
    browser = Browser()
    browser.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def reauthenticated(browser: Browser) -> Browser:
    """The same browser, after its user has just typed the password once more."""
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return browser


def count_queries(browser: Browser, url: str) -> int:
    """What a page costs, once caches are warm. Ask with one row and again with three: it must be the same."""
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        browser.get(url)
    return len(queries)


def signed_in_as(role=Role.OWNER) -> Browser:
    """A browser of a new member of the current business."""
    return signed_in(make_member(role))


# --- crm --------------------------------------------------------------------------------------------------------------
def make_customer(last_name="Brandt", *, by=None, tags=(), **fields) -> Customer:
    """A private customer in Hamburg, unless told otherwise."""
    return customers.create(
        by=by,
        tags=tags,
        **{
            "salutation": "ms",
            "first_name": "Sabine",
            "last_name": last_name,
            "email": f"{last_name.lower()}{next(_counter)}@kunde.example",
            "mobile": "0171 3920011",
            "street": "Rotdornweg 8",
            "postcode": "22397",
            "city": "Hamburg",
            **fields,
        },
    )


def make_company(company_name="Café Morgenrot GmbH", **fields) -> Customer:
    """A business customer."""
    return make_customer(
        **{"kind": "business", "company_name": company_name, "last_name": "Morgenrot", "first_name": "Ada", **fields}
    )


def make_note(customer=None, text="Flur 2,94 m breit", *, by=None, files=(), **kwargs) -> Note:
    """A note, of a new customer if none is given."""
    return notes.add(customer or make_customer(), text, by=by, files=files, **kwargs)


def make_todo(text="Lackmuster schicken", *, by=None, **kwargs) -> Todo:
    """A task."""
    return todos.add(text, by=by, **kwargs)


def make_appointment(customer=None, title="Aufmaß", *, starts_at=None, minutes=60, by=None, **kwargs) -> Appointment:
    """An appointment in an hour."""
    starts_at = starts_at or timezone.now() + timedelta(hours=1)
    return appointments.add(
        customer or make_customer(),
        title,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        by=by,
        **kwargs,
    )


def make_arrangement(customer=None, title="Aufmaß", *, by=None, minutes=60, **kwargs) -> Arrangement:
    """A time is asked for: whatever is free, unless `times` are proposed."""
    return arrangements.propose(customer or make_customer(), title, by=by, minutes=minutes, **kwargs)


def make_failed_mail(customer=None) -> Mail:
    """A mail the address refused."""
    todo = make_todo(by=make_member())
    row = mail.queue("crm/mail/todo_reminder", to="weg@kunde.example", customer=customer, todo=todo)
    Mail.objects.filter(pk=row.pk).update(state=Mail.State.FAILED, error="550 no such user", tries=1)
    row.refresh_from_db()
    return row


def picture(size=(64, 48), form="JPEG", colour="#7a9e87", **save) -> bytes:
    """A small picture as bytes."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **save)
    return out.getvalue()


def upload(content=None, name="foto.jpg", content_type="image/jpeg") -> SimpleUploadedFile:
    """A file as a form sends it; a small photo unless told otherwise."""
    return SimpleUploadedFile(name, picture() if content is None else content, content_type)


# --- billing ----------------------------------------------------------------------------------------------------------
def line(text="Montage", quantity="1", price="100", **more) -> dict:
    """A row as the editor posts it."""
    return {"text": text, "quantity": Decimal(quantity), "unit_price": Decimal(price), **more}


def cupboard_lines() -> list[dict]:
    """The built-in cupboard: 6,615.00 net, 7,871.85 gross; three fronts to choose from, two options."""
    return [
        {"kind": "section", "text": "Planung"},
        line("Aufmaß vor Ort und Werkplanung", "1", "420", cost_kind="labour"),
        {"kind": "section", "text": "Schrank"},
        line("Schrankkorpus Birke-Multiplex", "4", "485"),
        line("Nische mit Sitzbank", "1", "890"),
        line("Einlegeböden", "12", "24"),
        {"kind": "section", "text": "Fronten"},
        line("Eiche furniert", "4", "465", alternative_set="Fronten", is_default=True),
        line("Salbei lackiert", "4", "395", alternative_set="Fronten"),
        line("Weiß lackiert", "4", "345", alternative_set="Fronten"),
        {"kind": "section", "text": "Montage"},
        line("Montage durch zwei Personen", "16", "62", cost_kind="labour"),
        line("Anfahrt", "1", "45", cost_kind="travel"),
        line("Sockel- und Wandanschlüsse", "1", "180", cost_kind="labour"),
        {"kind": "section", "text": "Auf Wunsch"},
        line("LED-Lichtleiste", "1", "240", is_optional=True),
        line("Türdämpfung", "4", "28", is_optional=True),
    ]


def terrace_lines(first=None, second=None) -> list[dict]:
    """A terrace with all there is to choose: two whole titles of which one is taken, an optional title, extras with
    and without a number, under words of their own and without; 4,331.60 gross as sent.
    """
    return [
        {"kind": "section", "text": "Unterbau"},
        line("Unterbau aus Aluminium", "20", "60", unit="MTK"),
        line("Montage durch zwei Personen", "12", "62", cost_kind="labour"),
        {"kind": "section", "text": "Dielen Lärche", "alternative_set": "Belag", "is_default": True, "picture": first},
        line("Dielen Lärche, 26 × 145 mm", "20", "69.80", unit="MTK"),
        line("Klammern und Schrauben", "1", "300", unit="LS"),
        {"kind": "section", "text": "Dielen Thermoesche", "alternative_set": "Belag", "picture": second},
        line("Dielen Thermoesche, 20 × 130 mm", "20", "98.50", unit="MTK"),
        line("Verdeckte Befestigung", "1", "340", unit="LS"),
        {"kind": "section", "text": "Auf Wunsch"},
        line("Bodenspot LED", "1", "49.90", is_optional=True, max_quantity=8, option_group="Licht"),
        line("Trafo und Dimmer", "1", "128", is_optional=True, option_group="Licht"),
        line("Jährliches Ölen im ersten Jahr", "1", "180", is_optional=True),
        {"kind": "section", "text": "Sichtschutz", "is_optional": True, "description": "1,80 m hoch, an der Nordseite"},
        line("Pfosten", "4", "85"),
        line("Lamellenwand Lärche", "6", "112", unit="MTR"),
    ]


def make_catalogue_item(name="Montage", unit_price="62", **fields) -> CatalogueItem:
    """Something the business sells again and again."""
    return CatalogueItem.objects.create(name=name, unit_price=Decimal(unit_price), **fields)


def make_quote(customer=None, *, by=None, title="Einbauschrank im Flur", lines=None, **fields) -> Quote:
    """A draft; the cupboard unless told otherwise."""
    rows = cupboard_lines() if lines is None else lines
    return quotes.create(customer or make_customer(), by=by, title=title, lines=rows, **fields)


def make_sent_quote(customer=None, *, by=None, **fields) -> Quote:
    """A quote that is with its customer."""
    quote = make_quote(customer, by=by, **fields)
    quotes.send(quote, by=by, to=quote.customer.email)
    return quote


def acceptance_of(quote, taken=None, **changes) -> dict:
    """What a customer's page hands to `orders.place`."""
    return {
        "choice": choices.parse(quote.frozen_document, taken or {}),
        "seen_hash": quote.document_hash,
        "name": "Sabine Brandt",
        "email": quote.customer.email,
        "label_id": legal_texts.order_label(quote.customer.kind).id,
        "summary": quote.title,
        "link": access.links_to(quote).first(),
        **changes,
    }


def make_order(quote=None, *, taken=None, **changes) -> Order:
    """An order placed by the customer."""
    quote = quote or make_sent_quote()
    return orders.place(quote, **acceptance_of(quote, taken, **changes))


def make_completed_order(quote=None, *, by=None, **changes) -> Order:
    """An order whose work is done today."""
    return orders.move(make_order(quote, **changes), Order.State.COMPLETED, by=by)


def make_draft_invoice(order=None, *, by=None) -> Invoice:
    """A draft from a completed order."""
    return invoices.draft_from_order(order or make_completed_order(by=by), by=by)


def make_goods_invoice(*, by=None, **fields) -> Invoice:
    """Goods for a business in Vienna, issued without tax (§ 6a UStG)."""
    business = current.business()
    business.vat_id = "DE136695976"
    business.save()
    customer = make_company(
        "Wiener Möbelhaus GmbH", country="AT", vat_id="ATU13585627", street="Ring 1", postcode="1010", city="Wien"
    )
    today = timezone.localdate()
    vat_id_checks.record(customer, result="valid", checked_on=today, by=by, request_id="V-1")
    draft = invoices.create(
        customer, by=by, title="Regale", lines=[line("Regal Eiche", "4", "250")], tax_case="eu_goods", service_from=today,
        is_property_work=False, **fields,
    )  # fmt: skip
    return invoices.issue(draft, by=by)


def make_open_invoice(order=None, *, by=None, rendered=False) -> Invoice:
    """An invoice that is issued and to be paid."""
    invoice = make_draft_invoice(order, by=by)
    invoices.issue(invoice, by=by, send_to=invoice.customer.email)
    if rendered:
        invoices.deliver(invoice)
        invoice.refresh_from_db()
    return invoice


def make_sign_off(order=None, *, by=None, defects=(), **facts) -> SignOff:
    """A draft of a completed order's sign-off, with all it needs; a building's warranty unless told otherwise."""
    draft = sign_offs.start(order or make_completed_order(by=by), by)
    written = {
        name: getattr(draft, name) for name in ("scope", "is_part", "place", "present", "handed_over", "has_penalty")
    }
    draft = sign_offs.fill(draft, **{"warranty": "building", **written, **facts})
    for text in defects:
        sign_offs.add_defect(draft, text=text, by=by)
    return draft


def make_requested_sign_off(order=None, *, by=None, days=14, is_mailed=True, **facts) -> SignOff:
    """A sign-off the customer is asked for, until in so many days (None: without a deadline)."""
    deadline = None if days is None else timezone.localdate() + timedelta(days=days)
    asked = sign_offs.request(make_sign_off(order, by=by, **facts), deadline, by)
    if is_mailed:
        sign_off_papers.ask(asked)
        sign_offs.asked(asked).update(state=Mail.State.SENT, sent_at=timezone.now())
    asked.refresh_from_db()
    return asked


def make_sent_amendment(order, *, by=None, lines=(), **fields) -> Quote:
    """A change order that is with its customer."""
    draft = quotes.change(amendments.start(order, by=by), by=by, lines=list(lines), **fields)
    quotes.send(draft, by=by, to=order.customer.email)
    return Quote.objects.get(pk=draft.pk)


# --- portal -----------------------------------------------------------------------------------------------------------
def let_in(link: AccessLink, browser: Browser | None = None) -> Browser:
    """A customer's browser that opened the link from the mail, and knows the postcode if it is asked for."""
    browser = browser or Browser()
    browser.get(f"/l/{access.token(link)}/")
    if link.asks_postcode:
        browser.post(f"/k/{link.public_id}/plz/", {"plz": link.customer.postcode})
    return browser


def link_to(document) -> AccessLink:
    """The newest link to a document."""
    return access.links_to(document).first()


# --- feedback ---------------------------------------------------------------------------------------------------------
def make_asked(order=None) -> FeedbackRequest:
    """A customer who was asked how it was, lawfully."""
    request = requests.plan(order or make_completed_order(feedback_notice=True))
    requests.send(request)
    return request


def make_answer(order=None, **said) -> FeedbackAnswer:
    """What a customer said; nine of ten unless told otherwise."""
    return requests.answer(make_asked(order), **{"recommendation": 9, **said})


def make_answers(*scores) -> list[FeedbackAnswer]:
    """An answer for each of the scores; None is an answer without a number."""
    return [make_answer(recommendation=score, comment="Danke.") for score in scores]


# --- requests for work ------------------------------------------------------------------------------------------------
def make_work_request(customer=None, text="Eine neue Haustür", **said) -> WorkRequest:
    """A customer asks for work; without one, a stranger over the website."""
    if customer:
        return work_requests.receive(source="center", customer=customer, name=customer.name, text=text, **said)
    known = {"name": "Mara Engel", "email": "mara@engel.example", "phone": "040 998877"}
    return work_requests.receive(source="website", text=text, **{**known, **said})


def in_center(customer: Customer, browser: Browser | None = None) -> tuple[Browser, AccessLink]:
    """A browser that opened the page of all documents with the code from the mail, and its link."""
    link, browser = center_links.obtain(customer), browser or Browser()
    digits = access_codes.digits(codes.send(link))
    browser.get(f"/l/{access.token(link)}/")
    browser.post(f"/k/{link.public_id}/code/", {"code": digits})
    return browser, link


def make_incoming_invoice(number="R-4711", seller="Holz Peters"):
    """An invoice of a supplier that came in, with little in it."""
    return incoming_invoices.take_in(incoming_xml(number, seller).encode(), f"{number}.xml")


def incoming_xml(number="R-4711", seller="Holz Peters"):
    """A short UBL invoice: most of what is mandatory is missing."""
    ubl = "urn:oasis:names:specification:ubl:schema:xsd:"
    cac, cbc = f"{ubl}CommonAggregateComponents-2", f"{ubl}CommonBasicComponents-2"
    return (
        f'<Invoice xmlns="{ubl}Invoice-2" xmlns:cac="{cac}" xmlns:cbc="{cbc}">'
        f"<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>{number}</cbc:ID>"
        "<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity>"
        f"<cbc:RegistrationName>{seller}</cbc:RegistrationName>"
        "</cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty></Invoice>"
    )


def make_standing_invoice(customer=None, *, by=None, starts_on=None, **fields):
    """A maintenance of 100 euros net a month since the first of this month, billed afterwards."""
    starts_on = starts_on or timezone.localdate().replace(day=1)
    rows = fields.pop("lines", [line("Wartung der Heizung", price="100")])
    values = {"title": "Wartung", "every": 1, **fields}
    return standing_invoices.create(customer or make_customer(), by=by, starts_on=starts_on, lines=rows, **values)


def make_bank_statement(*entries, by=None, name="auszug.xml"):
    """A bank's file with these bookings (samples.camt_entry), taken in and matched; one nobody knows if none are given."""
    texts = list(entries) or [samples.camt_entry("10.00", party="Unbekannt", purpose=f"Spende {next(_counter)}")]
    total = sum((samples.amount_of(text) for text in texts), Decimal(5000))
    file = upload(samples.camt(entries=texts, opening="5000.00", closing=f"{total:.2f}"), name, "text/xml")
    statement = bank_statements.take_in(file, by=by)
    bank_statements.match(statement)
    statement.refresh_from_db()
    return statement


def make_delivery_note(order=None, *, by=None, quantities=None, **fields):
    """All that is left of an order, handed over today."""
    order = order or make_order()
    left = {row.pk: quantity for row, quantity in delivery_notes.rows_of(order)}
    values = {"delivered_on": timezone.localdate(), **fields}
    return delivery_notes.write(order, quantities=quantities or left, by=by, **values)


def days_ago(days):
    """Travel to the same hour of an earlier day; not so many times 24 hours, because summer time may end in between."""
    then = datetime.combine(timezone.localdate() - timedelta(days=days), timezone.localtime().time())
    return time_machine.travel(timezone.make_aware(then))
