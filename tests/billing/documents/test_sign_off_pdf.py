"""The protocol of a sign-off and the letter that asks for it, on paper (R92): valid archives, tagged, complete."""

import json
from datetime import timedelta
from io import BytesIO

import page
import pypdf
import pypdfium2
import pytest
from django.utils import timezone

from billing import rendering, sign_off_papers, sign_offs
from billing.documents import pdf
from billing.models import SignOff
from crm import files
from tests import make

pytestmark = pytest.mark.paper

DRAWN = "M 40 150 L 100 40 L 160 150 L 220 40 L 280 150"


@pytest.fixture
def decided(owner):
    """Accepted on site: two defects, one with a photo, everything reserved, drawn by the customer."""
    draft = make.make_sign_off(by=owner, has_penalty=True, handed_over="2 Schlüssel, Pflegeanleitung")
    until = timezone.localdate() + timedelta(days=14)
    photo = make.upload(make.picture((1200, 900), colour="#a06040"))
    sign_offs.add_defect(draft, text="Kratzer an Tür 2", mend_by=until, photo=photo, by=owner)
    sign_offs.add_defect(draft, text="Spaltmaß Tür 3", by=owner)
    return sign_offs.accept(
        draft, reserves_defects=True, reserves_penalty=False, customer_name="Sabine Brandt", signature=DRAWN,
        channel=SignOff.Channel.ON_SITE, by=owner,
    )  # fmt: skip


def words(data):
    document = pypdfium2.PdfDocument(data)
    try:
        return " ".join(" ".join(each.get_textpage().get_text_bounded().split()) for each in document)
    finally:
        document.close()


def colours(data):
    """The colours of each page, as a person would see them."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [
            {colour for _count, colour in sheet.render(scale=0.5).to_pil().convert("RGB").getcolors(1_000_000)}
            for sheet in document
        ]
    finally:
        document.close()


def problems(data):
    report = page.validate_pdf_bytes(data)
    assert str(report.profile) == "ValidationProfile.PDF_A_3B"
    found = [failure.message for failure in report.failures]
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        found += [failure.message for failure in page.validate_pdf_bytes(data, profile=profile).failures]
    return [message for message in found if not message.startswith("XMP ")]


def test_the_protocol_says_all_that_belongs_on_it(decided):
    rendering.sign_off(decided)
    data = files.read(decided.pdf)
    said = words(data)
    for part in (
        "Abnahmeprotokoll", decided.order.number, "Tischlerei Haselbach, Inh. Jana Haselbach, Werkhof 3", "Sabine Brandt",
        "Rotdornweg 8, 22397 Hamburg", "Umfang: die ganze Leistung", "Schrankkorpus Birke-Multiplex", "Kratzer an Tür 2",
        "mit Foto", "ohne Frist", "Ja, vorbehalten", "Nein, kein Vorbehalt", "§ 640 Abs. 3 BGB", "§ 341 Abs. 3",
        "2 Schlüssel, Pflegeanleitung", "5 Jahre (§ 634a Abs. 1 Nr. 2 BGB)", "Foto zu Mangel 1", decided.record_hash,
        "Name getippt",
    ):  # fmt: skip
        assert part in said
    assert problems(data) == []
    reader = pypdf.PdfReader(BytesIO(data))
    assert reader.metadata.title == "Abnahmeprotokoll"
    assert reader.trailer["/Root"]["/Lang"] == "de"


def test_the_photo_and_the_signature_are_to_be_seen(decided):
    rendering.sign_off(decided)
    seen = set().union(*colours(files.read(decided.pdf)))
    assert any(abs(r - 160) < 12 and abs(g - 96) < 12 and abs(b - 64) < 12 for r, g, b in seen)  # the photo's brown
    without = pdf.render_sign_off_pdf(json.loads(decided.record), photos={})
    assert len(files.read(decided.pdf)) > len(without)


def test_the_same_record_gives_the_same_bytes(decided):
    record = json.loads(decided.record)
    first, second = (pdf.render_sign_off_pdf(record, photos={}, customer_signature=DRAWN) for _ in range(2))
    assert first == second


def test_a_refusal_says_why_and_how_the_state_is_found(owner):
    draft = make.make_sign_off(by=owner)
    refused = sign_offs.refuse(draft, reason="Zwei Türen fehlen.", customer_name="Sabine Brandt", channel="on_site")
    said = words(pdf.render_sign_off_pdf(json.loads(refused.record), photos={}))
    assert "Protokoll: Abnahme verweigert" in said
    assert "Zwei Türen fehlen." in said
    assert "gemeinsamen Feststellung des Zustands" in said
    assert "Jahre" not in said  # no warranty runs


def test_a_customer_who_reads_english_gets_it_in_english(owner):
    order = make.make_completed_order(make.make_sent_quote(make.make_customer(language="en")))
    accepted = sign_offs.accept(
        make.make_sign_off(order, by=owner, defects=["Scratch"]), reserves_defects=True, reserves_penalty=None,
        customer_name="Ann Smith", channel="on_site", by=owner,
    )  # fmt: skip
    said = words(pdf.render_sign_off_pdf(json.loads(accepted.record), photos={}))
    assert "Do you reserve your rights" in said
    assert "Gewährleistung" not in said


def test_the_letter_sets_the_period_with_its_notice(owner):
    asked = make.make_requested_sign_off(by=owner, is_mailed=False)
    sign_off_papers.ask(asked)
    asked.refresh_from_db()
    data = files.read(asked.letter)
    said = words(data)
    for part in ("Aufforderung zur Abnahme", "Sabine Brandt", "Rotdornweg 8", "Frist bis zum", asked.notice[:60]):
        assert part in said
    assert problems(data) == []
