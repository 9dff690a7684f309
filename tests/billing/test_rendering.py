"""Files of documents: short ones at once, long ones by the worker, said on both pages meanwhile; the same bytes for ever."""

import io
import json

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader

from billing import rendering, tasks
from billing.documents import einvoice, pdf
from billing.models import Quote
from crm import files
from crm.models import Mail
from tests import make

pytestmark = pytest.mark.paper

MAKING = "Wird gerade erstellt, einen Augenblick"


@pytest.fixture
def long_quote(business):
    """More rows than are drawn while somebody waits."""
    return make.make_sent_quote(lines=[make.line(f"Zeile {n}") for n in range(rendering.LINES_INLINE + 1)])


def test_up_to_forty_rows_the_file_is_there_when_the_quote_is_sent(business):
    quote = make.make_sent_quote(lines=[make.line(f"Zeile {n}") for n in range(rendering.LINES_INLINE)])
    assert quote.pdf and default_storage.exists(quote.pdf)


def test_a_long_quote_is_sent_at_once_and_drawn_by_the_worker(long_quote, owner):
    office, visitor = make.signed_in(owner), make.let_in(make.link_to(long_quote))
    address = f"/k/{make.link_to(long_quote).public_id}/"
    assert long_quote.pdf == ""
    assert "PDF wird erstellt" in office.get(long_quote.get_absolute_url()).content.decode()
    assert MAKING in visitor.get(f"{address}angebot/").content.decode()
    waiting = visitor.get(f"{address}angebot.pdf")
    assert (waiting.status_code, '<meta http-equiv="refresh"' in waiting.content.decode()) == (503, True)
    tasks.render_missing()
    assert "PDF wird erstellt" not in office.get(long_quote.get_absolute_url()).content.decode()
    assert MAKING not in visitor.get(f"{address}angebot/").content.decode()
    assert visitor.get(f"{address}angebot.pdf").content.startswith(b"%PDF-1.7")


def test_what_is_kept_could_be_drawn_again_from_what_is_frozen(business):
    order = make.make_order()
    tasks.render_missing()
    quote = Quote.objects.select_related("acceptance").get(pk=order.quote_id)
    kept = files.read(quote.pdf)
    assert pdf.render_pdf(quote.frozen_document) == kept
    protocol = files.read(quote.acceptance.pdf)
    assert pdf.render_protocol_pdf(json.loads(quote.acceptance.record)) == protocol


def attached(data):
    return list(PdfReader(io.BytesIO(data)).attachments)


def test_an_authority_gets_an_xrechnung_and_a_picture_of_it(business, owner):
    """A hybrid would be a second original with another content (R42, R45)."""
    customer = make.make_company(
        "Bezirksamt Wandsbek", kind="public", leitweg_id="991-33333TEST-33", email="amt@wandsbek.example"
    )
    order = make.make_completed_order(make.make_sent_quote(customer, by=owner), by=owner)
    invoice = make.make_open_invoice(order, by=owner, rendered=True)
    xml = files.read(invoice.xml)
    assert xml == einvoice.build_ubl(invoice.frozen_document)
    assert attached(files.read(invoice.pdf)) == []
    sent = Mail.objects.get(kind="billing/mail/invoice_sent")
    assert [each.name for each in sent.attachments.order_by("pk")] == [f"{invoice.number}.xml", f"{invoice.number}.pdf"]


def test_everybody_else_gets_both_in_one_file(business, owner):
    invoice = make.make_open_invoice(by=owner, rendered=True)
    assert attached(files.read(invoice.pdf)) == ["factur-x.xml"]
    assert files.read(invoice.xml) == einvoice.build_cii(invoice.frozen_document)
    sent = Mail.objects.get(kind="billing/mail/invoice_sent")
    assert [each.name for each in sent.attachments.all()] == [f"{invoice.number}.pdf"]
