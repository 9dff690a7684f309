"""Every mail of billing and feedback, written by the verb that sends it: subject, words, one link, no token stored."""

import copy
import io
import re
from decimal import Decimal

import pypdf
import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import current
from billing import corrections, dunning, follow_ups, invoices, order_news, orders, part_payments, quotes
from billing.models import Invoice, Order
from crm import access, files
from crm.mail import _message
from crm.models import AccessLink, Mail
from feedback import requests
from tests import make

TERMS = "§ 1 Es gilt das Übliche.\n§ 2 Und das Andere."


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch):
    monkeypatch.setattr("billing.documents.pdf.render_pdf", lambda document, **_: b"%PDF-1.7")
    monkeypatch.setattr("billing.documents.pdf.render_protocol_pdf", lambda record, **_: b"%PDF-1.7")


def overdue_invoice():
    with make.days_ago(40):
        return make.make_open_invoice(rendered=True)


def asked():
    order = make.make_completed_order(feedback_notice=True)
    request = requests.plan(order)
    requests.send(request)
    return request


def quote_sent():
    make.make_sent_quote()


def reminded(kind, *, looked=False):
    """A Tuesday morning on which a rule writes."""

    def write():
        with time_machine.travel("2026-11-17T09:00:00+00:00"):
            quote = make.make_sent_quote()
            if looked:
                access.mark_seen(make.link_to(quote))
            import_string(settings.DUE_HANDLERS[kind])(quote)

    return write


def followed_up():
    quote = make.make_sent_quote()
    message = follow_ups.suggestion(quote)
    follow_ups.send(quote, link=make.link_to(quote), message=message, by=make.make_member())


def quote_declined():
    quotes.decline(make.make_sent_quote(), reason="price", comment="Zu teuer & zu spät")


def quote_accepted():
    make.make_order(taken={"wahl-3.1": "3.2", "wahl-5.1": "1"})


def order_confirmed():
    orders.confirm(make.make_order(taken={"wahl-3.1": "3.2"}, early_start=True))


def order_news_told():
    order = make.make_order()
    orders.move(
        order, Order.State.SCHEDULED, by=None, planned_on=timezone.localdate(), note="Wir kommen zu zweit & früh."
    )
    order_news.deliver(order)


def withdrawn():
    orders.withdraw(make.make_order(), name="Sabine Brandt", email="sabine@kunde.example")


def invoice_sent():
    make.make_open_invoice(rendered=True)


def cancellation_sent():
    invoices.deliver(
        invoices.cancel(make.make_open_invoice(), by=None, reason="Falsche Anschrift", send_to="s@b.example")
    )


def part_payment_sent():
    draft = part_payments.draft(make.make_order(), by=None, basis="amount", value=Decimal(2000))
    Invoice.objects.filter(pk=draft.pk).update(skonto_percent=2, skonto_days=7)
    invoices.deliver(invoices.issue(Invoice.objects.get(pk=draft.pk), by=None, send_to="s@b.example"))


def correction_sent():
    draft = corrections.correct(make.make_open_invoice(), reason="Anschrift", by=None)
    invoices.deliver(invoices.issue(draft, by=None, send_to="s@b.example"))


def reduction_sent():
    invoice = make.make_open_invoice()
    invoices.deliver(corrections.reduce(invoice, amount=Decimal(100), reason="Kratzer", by=None, send_to="s@b.example"))


def invoice_reminder():
    invoices.remind(overdue_invoice(), by=None)


def dunning_letter():
    customer = overdue_invoice().customer
    proposal = dunning.proposal_for(customer, on=timezone.localdate())
    letter = dunning.send(customer, dunning.wish_for(proposal, level=1), by=None, to=customer.email)
    dunning.deliver(letter)


def invoice_overdue_notice():
    invoices.remind_of_payment(overdue_invoice())


def feedback_answered():
    requests.answer(asked(), recommendation=3, quality=2, comment="Nicht <b>gut</b>", wants_call=True)


# kind -> (what lets it be written, its subject, a sentence of it)
MAILS = {
    "billing/mail/quote_sent": (
        quote_sent,
        r"Ihr Angebot: Einbauschrank im Flur \(AN-\d{4}-0001\)",
        "Gesamtpreis: 7.871,85 € inkl. MwSt.",
    ),
    "billing/mail/quote_unseen": (
        reminded(follow_ups.UNSEEN),
        r"Ist unser Angebot angekommen\? Einbauschrank im Flur \(AN-\d{4}-0001\)",
        "Ansehen verpflichtet zu nichts.",
    ),
    "billing/mail/quote_silent": (
        reminded(follow_ups.SILENT, looked=True),
        r"Noch Fragen zu unserem Angebot\? Einbauschrank im Flur \(AN-\d{4}-0001\)",
        "Ist etwas offen geblieben",
    ),
    "billing/mail/quote_follow_up": (
        followed_up,
        r"Zu unserem Angebot: Einbauschrank im Flur \(AN-\d{4}-0001\)",
        "bei Ihnen angekommen",
    ),
    "billing/mail/quote_expiring": (
        reminded(follow_ups.EXPIRING),
        r"Ihr Angebot gilt noch bis .+: Einbauschrank im Flur \(AN-\d{4}-0001\)",
        "schreiben Sie uns einfach",
    ),
    "billing/mail/quote_declined": (
        quote_declined,
        r"Abgelehnt: Angebot AN-\d{4}-0001 an Sabine Brandt",
        "Grund: Der Preis passt nicht",
    ),
    "billing/mail/quote_accepted": (
        quote_accepted,
        r"Beauftragt: Sabine Brandt, AU-\d{4}-0001 über 7.824,25 €",
        "Fronten: Salbei lackiert\nDazu gewählt: LED-Lichtleiste",
    ),
    "billing/mail/order_confirmed": (
        order_confirmed,
        r"Ihr Auftrag: Einbauschrank im Flur \(AU-\d{4}-0001\)",
        "Gesamtpreis: 7.538,65 €",
    ),
    "billing/mail/order_news": (
        order_news_told,
        r"Ihr Auftrag: Termin am .+ \(AU-\d{4}-0001\)",
        "es gibt Neues zu Ihrem Auftrag „Einbauschrank im Flur“.",
    ),
    "billing/mail/withdrawal_received": (
        withdrawn,
        r"Ihr Widerruf ist eingegangen \(AU-\d{4}-0001\)",
        "Hiermit widerrufe ich den Vertrag über: Einbauschrank im Flur",
    ),
    "billing/mail/withdrawal_notice": (
        withdrawn,
        r"Widerruf von Sabine Brandt: Auftrag AU-\d{4}-0001",
        "Bitte beginnen Sie keine Arbeiten mehr.",
    ),
    "billing/mail/invoice_sent": (
        invoice_sent,
        r"Rechnung RE-\d{4}-0001 über 7.871,85 €",
        "Bitte überweisen Sie den Betrag bis",
    ),
    "billing/mail/correction_sent": (
        correction_sent,
        r"Rechnungskorrektur RE-\d{4}-0002 zur Rechnung RE-\d{4}-0001",
        "Was zu zahlen ist, bleibt gleich.",
    ),
    "billing/mail/reduction_sent": (
        reduction_sent,
        r"Preisnachlass RE-\d{4}-0002 zur Rechnung RE-\d{4}-0001",
        "Zu zahlen sind noch 7.771,85 €.",
    ),
    "billing/mail/cancellation_sent": (
        cancellation_sent,
        r"Stornorechnung RE-\d{4}-0002 zur Rechnung RE-\d{4}-0001",
        "Grund: Falsche Anschrift",
    ),
    "billing/mail/invoice_reminder": (
        invoice_reminder,
        r"Zahlungserinnerung: Rechnung RE-\d{4}-0001 über 7.871,85 €",
        "vielleicht übersehen?",
    ),
    "billing/mail/dunning_letter": (
        dunning_letter,
        r"Mahnung: 7.871,85 €",
        "Wir mahnen deshalb 7.871,85 € an",
    ),
    "billing/mail/invoice_overdue_notice": (
        invoice_overdue_notice,
        r"Überfällig: RE-\d{4}-0001, Sabine Brandt, 7.871,85 €",
        "Offen sind 7.871,85 €.",
    ),
    "feedback/mail/request": (
        asked,
        r"Wie war es\? Einbauschrank im Flur \(Tischlerei Haselbach\)",
        "Drei kurze Fragen, etwa eine Minute.",
    ),
    "feedback/mail/answered": (
        feedback_answered,
        r"Feedback von Sabine Brandt: 3 von 10",
        "Bittet um einen Anruf.",
    ),
}
TO_OFFICE = {
    "billing/mail/quote_declined", "billing/mail/quote_accepted", "billing/mail/withdrawal_notice",
    "billing/mail/invoice_overdue_notice", "feedback/mail/answered",
}  # fmt: skip
WITHOUT_LINK = {"billing/mail/withdrawal_received"}  # the receipt is the proof; the contract is over
TRANSACTIONAL = set(MAILS) - {"feedback/mail/request", "feedback/mail/answered"}
every_mail = pytest.mark.parametrize("kind", MAILS)


@pytest.fixture(scope="module")
def made(module_db):
    """The folder of their files, and each mail, written once in a business of its own."""
    mails = {}
    for kind, (send, _subject, _sentence) in MAILS.items():
        with current.working_for(make.make_business()):
            send()
            mails[kind] = Mail.objects.filter(kind=kind).get()
    return module_db, mails


@pytest.fixture(autouse=True)
def files_of_mails(made, settings, files):
    settings.MEDIA_ROOT = made[0]


@pytest.fixture
def mail(made, db, kind):
    """The mail of that kind, at work for its business."""
    row = copy.deepcopy(made[1][kind])
    with current.working_for(row.business):
        yield row


def spaced(text):
    return text.replace("\xa0", " ")


def in_words(mail):
    """The mail's HTML as words."""
    return re.sub(r"<[^>]+>", " ", spaced(mail.html))


@every_mail
def test_subject_and_words(mail, kind):
    _write, subject, sentence = MAILS[kind]
    assert re.fullmatch(subject, spaced(mail.subject_line)), mail.subject_line
    assert sentence in spaced(mail.text)
    assert sentence.split("\n")[0].split(": ")[-1] in in_words(mail)


def test_a_part_payment_is_called_one_and_names_the_skonto(business):
    part_payment_sent()
    mail = Mail.objects.get(kind="billing/mail/invoice_sent")
    assert re.fullmatch(r"Abschlagsrechnung RE-\d{4}-0001 über 2.000,00 €", spaced(mail.subject_line))
    assert "ziehen Sie 2 % Skonto ab (40,00 €) und überweisen 1.960,00 €." in spaced(mail.text)


@every_mail
def test_the_text_reads_like_a_letter(mail):
    text = mail.text
    assert "\n\n\n" not in text and "{{" not in text and "&quot;" not in text and "&amp;" not in text
    assert not re.search(r"</?(p|a|br|div|table)\b", text)
    assert [line for line in text.split("\n") if line != line.strip()] == []
    assert "Werkhof 3, 22145 Hamburg" in text and "Telefon 040 66969120" in text


@every_mail
def test_one_link_and_no_token_is_stored(mail, kind):
    tokens = [access.token(link) for link in AccessLink.objects.all()]
    stored = "".join([mail.subject_line, mail.text, mail.html, mail.unsubscribe_url])
    assert not [token for token in tokens if token in stored]
    sent = _message(mail)
    opt_out = mail.unsubscribe_url.replace(Mail.LINK_MARK, access.url(mail.link)) if mail.link else ""
    links = set(re.findall(r"https?://\S+", sent.body)) - {opt_out}
    if kind in WITHOUT_LINK:
        assert links == set()
    elif kind in TO_OFFICE:
        assert len(links) == 1 and "/l/" not in links.pop()
    else:
        # the way to the withdrawal function (R85) is the same link
        assert {link.removesuffix("?widerruf") for link in links} == {access.url(mail.link)}


@every_mail
def test_nothing_is_loaded_and_nothing_is_tracked(mail):
    html = mail.html
    assert "<img" not in html and "<script" not in html and "src=" not in html and "@import" not in html


@pytest.mark.parametrize("kind", sorted(TRANSACTIONAL))
def test_transactional_mail_advertises_nothing(mail):
    """R98, R99, R110: no request for a review, no slogan."""
    for word in ("bewert", "empfehl", "rabatt", "newsletter", "zufrieden", "review"):
        assert word not in (mail.text + mail.html).lower()


@every_mail
def test_nothing_internal_leaves_the_house(business, kind):
    customer = make.make_customer()
    lines = [{**row, "purchase_price": 77} if row.get("kind") != "section" else row for row in make.cupboard_lines()]
    make_quote = make.make_quote
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            make, "make_quote",
            lambda _customer=None, **more: make_quote(customer, **{**more, "lines": lines, "internal_note": "Zahlt ungern"}),
        )  # fmt: skip
        MAILS[kind][0]()
    for mail in Mail.objects.all():
        assert "Zahlt ungern" not in mail.text + mail.html
        assert "77,00" not in mail.text + mail.html and "Deckungsbeitrag" not in mail.text + mail.html


@every_mail
def test_other_languages_get_a_whole_mail(business, kind):
    """English texts come from locale/en; until a sentence is there it stays German, never empty."""
    with pytest.MonkeyPatch.context() as patch:
        make_customer = make.make_customer
        patch.setattr(
            make, "make_customer", lambda *args, **fields: make_customer(*args, **{"language": "en", **fields})
        )
        MAILS[kind][0]()
    mail = Mail.objects.filter(kind=kind).get()
    assert mail.subject_line and len(mail.text) > 150


# --- what the law wants in the confirmation (R79, R81, R84) -----------------------------------------------------------
@pytest.mark.paper
def test_the_confirmation_is_complete(business):
    business.terms = TERMS
    business.save()
    with current.working_for(business):
        order = make.make_order(taken={"wahl-3.1": "3.2"}, early_start=True, early_end=True)
        orders.confirm(order)
    mail = Mail.objects.get(kind="billing/mail/order_confirmed")
    text = spaced(mail.text)
    for part in (
        "– Salbei lackiert, 4 Stk.",
        "Gesamtpreis: 7.538,65 €",
        "– Ich verlange ausdrücklich, dass Sie vor Ablauf der Widerrufsfrist mit der Arbeit beginnen.",
        "– Mir ist bekannt, dass mein Widerrufsrecht erlischt, wenn Sie den Vertrag vollständig erfüllt haben.",
        "Widerrufsbelehrung",
        "Muster-Widerrufsformular",
        f"Vertrag widerrufen: {Mail.LINK_MARK}?widerruf",
    ):
        assert part in text, part
    assert "Eiche furniert" not in text and "LED-Lichtleiste" not in text
    assert [file.name for file in mail.attachments.all()] == [
        f"{order.number}.pdf", f"{order.quote.number}.pdf", "Informationen zum Vertrag.pdf", "Widerrufsbelehrung.pdf",
        "Allgemeine Geschäftsbedingungen.pdf",
    ]  # fmt: skip
    agreed = mail.attachments.last()
    words = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files.read(agreed.storage_name))).pages)
    assert " ".join(TERMS.split()) in " ".join(words.split())


def test_a_firm_reads_net_and_vat_and_no_withdrawal(business):
    orders.confirm(make.make_order(make.make_sent_quote(make.make_company())))
    text = spaced(Mail.objects.get(kind="billing/mail/order_confirmed").text)
    assert "Netto: 6.615,00 €\n19 % MwSt.: 1.256,85 €\nGesamtpreis: 7.871,85 €" in text
    assert "Widerruf" not in text


def test_the_receipt_of_a_withdrawal_has_content_date_and_time(business):
    """R85."""
    with time_machine.travel("2026-11-20T18:04:00+01:00"):
        withdrawn()
    mail = Mail.objects.get(kind="billing/mail/withdrawal_received")
    assert mail.to == "sabine@kunde.example"
    assert "Eingegangen am: 20. November 2026 um 18:04 Uhr" in spaced(mail.text)
    assert "(Auftrag AU-2026-0001 vom 20.11.2026)." in mail.text


def test_a_late_withdrawal_promises_nothing(business):
    with make.days_ago(40):
        order = make.make_order()
    orders.withdraw(order, name="Sabine Brandt", email="sabine@kunde.example")
    text = Mail.objects.get(kind="billing/mail/withdrawal_received").text
    assert "Wir prüfen Ihren Widerruf und melden uns." in text and "zahlen wir" not in text


def test_personal_words_replace_the_ready_ones(business, owner):
    quote = make.make_quote()
    quotes.send(quote, by=owner, to="s@b.example", message="Moin Sabine,\n\nwie besprochen <3")
    mail = Mail.objects.get(kind="billing/mail/quote_sent")
    assert mail.text.count("Guten Tag") == 0 and "wie besprochen <3" in mail.text
    assert "wie besprochen &lt;3" in mail.html
    assert "Freundliche Grüße\nJana Haselbach\nTischlerei Haselbach" in mail.text


def test_the_postcode_question_is_announced(business):
    business.asks_postcode = True
    business.save()
    with current.working_for(business):
        make.make_sent_quote()
    assert "Die Seite fragt nach Ihrer Postleitzahl." in Mail.objects.get(kind="billing/mail/quote_sent").text


def test_the_feedback_request_says_why_and_how_to_object(business):
    """R98, R100."""
    asked()
    mail = Mail.objects.get(kind="feedback/mail/request")
    sent = _message(mail)
    opt_out = f"{access.url(mail.link)}abmelden/"
    assert "Wir fragen einmal, weil Sie uns am" in mail.text and "jederzeit widersprechen" in mail.text
    assert opt_out in sent.body and opt_out in sent.alternatives[0].content
    assert sent.extra_headers["List-Unsubscribe"] == f"<{opt_out}>"


def test_what_customers_write_is_no_markup(business):
    feedback_answered()
    assert "Nicht &lt;b&gt;gut&lt;/b&gt;" in Mail.objects.get(kind="feedback/mail/answered").html
