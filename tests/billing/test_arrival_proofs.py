"""Goods sold free of tax need a proof that they arrived elsewhere (§§ 6a UStG, 17a, 17b UStDV, R36; export, R37)."""

from datetime import date, timedelta

import pypdfium2
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Refusal
from billing import arrival_proofs, invoices, tax_decisions
from billing.models import ArrivalProof, JournalEntry
from billing.tax_decisions import Decision
from crm import due
from crm.models import DueAction, Todo, VatIdCheck
from tests import make

TODAY = timezone.localdate()
SAID = {
    "kind": "confirmation", "place": " Wien,  AT ", "arrived_in": TODAY, "issued_on": TODAY, "signed_by": "Eva Gruber",
}  # fmt: skip


def note(invoice, **changes):
    return arrival_proofs.note(invoice, **{**SAID, "by": None, **changes})


def after(days):
    """What the office is asked to do so many days later."""
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        for pk in due.due_ids():
            due.work_off(pk)
        return list(Todo.objects.filter(text__startswith="Gelangens", done_at=None).values_list("text", flat=True))


def test_the_office_is_reminded_once_until_the_proof_is_noted(business):
    invoice = make.make_goods_invoice()
    assert after(13) == []
    (text,) = after(15)
    assert text.startswith(f"Gelangensbestätigung zu {invoice.number} von Wiener Möbelhaus GmbH anfordern:")
    assert len(after(16)) == 1
    proof = note(invoice, file=make.upload(name="gelangen.jpg"))
    assert (proof.place, proof.arrived_in, proof.attachment.customer) == (
        "Wien, AT",
        TODAY.replace(day=1),
        invoice.customer,
    )
    assert after(17) == [] and not arrival_proofs.is_missing(invoice)
    assert JournalEntry.objects.filter(event="billing.arrival_proved").count() == 1


def test_a_proof_in_time_needs_no_reminder(business):
    note(make.make_goods_invoice())
    assert after(15) == []


def test_what_was_said_with_the_draft_is_a_proof(business):
    said = tax_decisions.to_json(Decision(proof="Spediteurbescheinigung vom 3. November"))
    invoice = make.make_goods_invoice(tax_decision=said)
    assert not arrival_proofs.is_missing(invoice)
    assert not DueAction.objects.filter(kind=arrival_proofs.MISSING).exists()


def test_a_cancelled_invoice_and_one_with_tax_need_none(business):
    invoice = make.make_goods_invoice()
    invoices.cancel(invoice, by=None, reason="Doppelt")
    assert after(15) == []
    with pytest.raises(Refusal):
        note(make.make_open_invoice())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "export"}, "kind"),
        ({"place": " "}, "place"),
        ({"signed_by": ""}, "signed_by"),
        ({"arrived_in": TODAY + timedelta(days=40)}, "arrived_in"),
        ({"issued_on": TODAY + timedelta(days=1)}, "issued_on"),
        ({"issued_on": date(2020, 1, 1)}, "issued_on"),
        ({"file": make.upload(b"MZ", "virus.exe", "application/x-msdownload")}, "file"),
    ],
)
def test_what_cannot_be_is_refused(business, changes, field):
    with pytest.raises(Refusal) as refused:
        note(make.make_goods_invoice(), **changes)
    assert refused.value.field == field and not ArrivalProof.objects.exists()


@pytest.mark.paper
def test_the_form_holds_what_the_law_asks_for(business):
    """§ 17b (2) UStDV: customer, quantity and description, place and month, day, signature."""
    invoice = make.make_goods_invoice()
    paper = pypdfium2.PdfDocument(arrival_proofs.form_pdf(invoice))
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in paper).split()).replace("\xa0", " ")
    for said in (
        "Gelangensbestätigung", "Wiener Möbelhaus GmbH, Ring 1, 1010 Wien, AT, USt-IdNr. ATU13585627", "4 Stk. Regal Eiche",
        "Monat und Jahr der Ankunft", "Ort und Staat der Ankunft", "Datum dieser Bestätigung", "Unterschrift des Abnehmers",
        invoice.number,
    ):  # fmt: skip
        assert said in text


def test_the_page_notes_it_and_the_invoice_shows_it(owner):
    browser, invoice = make.signed_in(owner), make.make_goods_invoice()
    assert "Nachweis eintragen" in browser.get(invoice.get_absolute_url()).content.decode()
    url = reverse("billing:arrival_proof", args=[invoice.pk])
    assert "Formular zum Unterschreiben" in browser.get(url).content.decode()
    typed = SAID | {"arrived_in": f"{TODAY:%Y-%m}", "issued_on": f"{TODAY}"}
    answer = browser.post(url, typed | {"place": ""})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["place"]
    page = browser.post(url, typed, follow=True).content.decode()
    assert "Eva Gruber" in page and "Nachweis eintragen" not in page
    form = browser.get(reverse("billing:arrival_proof_form", args=[invoice.pk]))
    assert form["Content-Type"] == "application/pdf"
    assert browser.get(reverse("billing:arrival_proof", args=[make.make_open_invoice().pk])).status_code == 404


def test_a_name_that_the_other_state_does_not_know_is_a_warning(business):
    """R36: the number may be somebody else's; the office decides."""
    invoice = make.make_goods_invoice()
    draft = invoices.create(
        invoice.customer, by=None, title="Regale", lines=[make.line()], tax_case="eu_goods", service_from=TODAY,
        is_property_work=False,
    )  # fmt: skip
    assert "buyer.vat_id_check" not in dict(invoices.warnings(draft))
    VatIdCheck.objects.create(
        customer=invoice.customer, vat_id="ATU13585627", result="valid", checked_at=timezone.now(), name_match="B"
    )
    assert "buyer.vat_id_check" in dict(invoices.warnings(draft)) and invoices.problems(draft) == []
