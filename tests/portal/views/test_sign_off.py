"""The acceptance of work on the customer's page (§ 640 BGB, R92), with and without script."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import current
from billing import sign_off_papers, sign_off_records, sign_offs
from billing.models import Defect, SignOff
from crm import attachments
from crm.models import AccessLink
from tests import make

DRAWN = "M 10 20 L 40 60 L 80 20"


@pytest.fixture(autouse=True)
def papers(monkeypatch):
    monkeypatch.setattr("billing.documents.pdf.render_letter_pdf", lambda *_, **__: b"%PDF-1.7 letter")
    monkeypatch.setattr("billing.documents.pdf.render_sign_off_pdf", lambda *_, **__: b"%PDF-1.7 protocol")


@pytest.fixture
def asked(owner):
    return make.make_requested_sign_off(by=owner)


@pytest.fixture
def visitor(asked):
    """The customer, let in by the link of his order."""
    return make.let_in(make.link_to(asked.order))


def address(asked, page="abnahme/"):
    return f"/k/{make.link_to(asked.order).public_id}/{page}"


def post(visitor, asked, do, **said):
    data = {"abnahme": asked.pk, "seen": sign_off_records.shown(asked), "customer_name": "Sabine Brandt", "tun": do}
    return visitor.post(address(asked), data | said)


def text(answer):
    return answer.content.decode()


def test_the_customer_sees_what_is_accepted_and_what_silence_means(visitor, asked):
    page = text(visitor.get(address(asked)))
    assert "Schrankkorpus Birke-Multiplex" in page
    assert "Es sind keine Mängel genannt." in page
    assert asked.notice in page
    assert "checked" not in page
    assert 'name="reserves_defects"' not in page  # nothing to reserve yet
    assert 'value="Sabine Brandt"' in page


def test_accepting_thanks_and_hands_out_the_protocol(visitor, asked):
    answer = post(visitor, asked, "abnehmen", customer_signature=DRAWN)
    assert (answer.status_code, answer["Location"]) == (302, address(asked))
    asked.refresh_from_db()
    assert (asked.state, asked.channel, asked.customer_signature) == ("accepted", "portal", DRAWN)
    assert f'"public_id":"{make.link_to(asked.order).public_id}"' in asked.record
    page = text(visitor.get(address(asked)))
    assert "Danke für die Abnahme." in page
    assert "<form class" not in page
    protocol = f"abnahmen/{asked.pk}.pdf"
    assert address(asked, protocol) in page
    assert visitor.get(address(asked, protocol)).status_code == 503  # the worker is at it
    sign_off_papers.close(asked)
    pdf = visitor.get(address(asked, protocol))
    assert (pdf.content, pdf["Content-Type"]) == (b"%PDF-1.7 protocol", "application/pdf")


def test_every_protocol_stands_among_the_documents_and_stays_when_the_work_is_accepted_again(visitor, asked, owner):
    link, order = make.link_to(asked.order), asked.order
    assert "Abnahmeprotokoll" not in text(visitor.get(address(asked, "auftrag/")))
    post(visitor, asked, "verweigern", refusal_reason="Tür 2 klemmt")
    again = make.make_requested_sign_off(order, by=owner, days=None)
    first, second = (f"/k/{link.public_id}/abnahmen/{each.pk}.pdf" for each in (asked, again))
    documents = text(visitor.get(address(asked, "auftrag/"))).split(">Dokumente<")[1]
    assert first in documents and "verweigert" in documents and second not in documents
    assert visitor.get(second).status_code == 404
    post(visitor, again, "abnehmen")
    for each in (asked, again):
        each.refresh_from_db()
        sign_off_papers.close(each)
    documents = text(visitor.get(address(asked, "auftrag/"))).split(">Dokumente<")[1]
    assert documents.index(second) < documents.index(first)
    assert [visitor.get(each).status_code for each in (first, second)] == [200, 200]
    stranger = make.make_order()
    theirs = make.let_in(make.link_to(stranger))
    assert theirs.get(f"/k/{make.link_to(stranger).public_id}/abnahmen/{asked.pk}.pdf").status_code == 404


def test_own_defects_are_named_shown_and_taken_back(visitor, asked):
    answer = post(visitor, asked, "mangel", text="Kratzer an Tür 2", photo=make.upload())
    assert answer["Location"] == address(asked) + "#maengel"
    defect = Defect.objects.get()
    assert (defect.text, defect.is_from_customer, defect.photo.by) == ("Kratzer an Tür 2", True, None)
    assert "Foto gesichert." in text(visitor.get(address(asked)))
    attachments.make_preview(defect.photo_id)
    picture = address(asked, f"abnahme/bild/{defect.photo_id}/")
    assert picture in text(visitor.get(address(asked)))
    assert visitor.get(picture)["Content-Type"] == "image/webp"
    asked.refresh_from_db()
    post(visitor, asked, f"entfernen-{defect.pk}")
    assert not Defect.objects.exists()
    assert visitor.get(picture).status_code == 404


def test_with_a_defect_the_reservation_is_asked_and_nothing_is_preselected(visitor, asked):
    answer = post(visitor, asked, "abnehmen", text="Kratzer an Tür 2")  # typed, and not added by its own button
    page = text(answer)
    assert answer.status_code == 422
    assert "Bitte beantworten Sie, ob Rechte wegen der genannten Mängel vorbehalten werden." in page
    assert page.count('name="reserves_defects"') == 2
    assert "checked" not in page
    assert (
        page.count("Kratzer an Tür 2") == 2
    )  # in the list and on the button that takes it out, no longer in the field
    assert Defect.objects.count() == 1
    answer = post(visitor, asked, "abnehmen", reserves_defects="ja")
    asked.refresh_from_db()
    assert (answer.status_code, asked.state, asked.reserves_defects) == (302, "accepted", True)


def test_the_office_s_defects_are_not_the_customers_to_remove(business, owner):
    draft = make.make_sign_off(by=owner, defects=["Spaltmaß Tür 3"])
    sign_offs.request(draft, None, owner)
    visitor = make.let_in(make.link_to(draft.order))
    assert "Spaltmaß Tür 3" in text(visitor.get(address(draft)))
    assert post(visitor, draft, f"entfernen-{draft.defects.get().pk}").status_code == 409
    assert draft.defects.count() == 1


def test_refusing_wants_a_defect_or_a_reason(visitor, asked):
    answer = post(visitor, asked, "verweigern")
    assert answer.status_code == 422
    assert "Bitte nennen Sie mindestens einen Mangel oder den Grund" in text(answer)
    post(visitor, asked, "verweigern", refusal_reason="Zwei Türen fehlen.")
    asked.refresh_from_db()
    assert (asked.state, asked.refusal_reason) == ("refused", "Zwei Türen fehlen.")
    page = text(visitor.get(address(asked)))
    assert "Sie haben die Abnahme verweigert." in page
    assert "§ 650g" in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"customer_name": " "}, "Bitte tragen Sie den Namen ein."),
        ({"customer_signature": "<script>"}, "Die Unterschrift ist nicht angekommen."),
        ({"seen": "0" * 16}, "Das Protokoll wurde inzwischen ergänzt."),
        ({"text": "x", "photo": make.upload(b"hello", "a.exe")}, "Wir können JPG, PNG, HEIC und PDF annehmen."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_decided(visitor, asked, said, sentence):
    answer = post(visitor, asked, "abnehmen", **said)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert SignOff.objects.get().state == "requested"


def test_enter_in_a_field_decides_nothing_and_loses_nothing(visitor, asked):
    post(visitor, asked, "mangel", text="Kratzer")
    page = text(visitor.get(address(asked)))
    form = page[page.index('enctype="multipart/form-data"') :]
    first = re.search(r"<button([^>]*)>", form)[1]  # what browsers press for Enter
    assert "value=" not in first
    answer = post(visitor, asked, "", refusal_reason="Noch nicht fertig geschrieben")
    assert answer.status_code == 200
    assert "Noch nicht fertig geschrieben" in text(answer)
    assert (SignOff.objects.get().state, Defect.objects.count()) == ("requested", 1)


@pytest.mark.parametrize("meanwhile", ["accepted", "retracted", "asked anew"])
def test_a_late_post_changes_nothing_and_is_answered_kindly(visitor, asked, owner, meanwhile):
    if meanwhile == "accepted":
        post(visitor, asked, "abnehmen")
    else:
        sign_offs.retract(asked, owner)
    if meanwhile == "asked anew":
        make.make_requested_sign_off(asked.order, by=owner)
    answer = post(visitor, asked, "verweigern", refusal_reason="Doch nicht")
    words = {
        "accepted": "Über die Abnahme ist schon entschieden.",
        "retracted": "Wir bitten Sie gerade nicht um Abnahme.",
        "asked anew": "Inzwischen bitten wir Sie um eine neue Abnahme.",
    }
    assert answer.status_code == 409
    assert words[meanwhile] in text(answer)
    assert not SignOff.objects.filter(state="refused").exists()


def test_a_draft_and_nothing_at_all_are_404(owner):
    draft = make.make_sign_off(by=owner)
    visitor = make.let_in(make.link_to(draft.order))
    assert [visitor.get(address(draft, page)).status_code for page in ("abnahme/", f"abnahmen/{draft.pk}.pdf")] == [
        404,
        404,
    ]


def test_the_quotes_link_leads_there_too_and_another_customers_does_not(asked):
    quotes_link = AccessLink.objects.filter(purpose="quote").get()
    visitor = make.let_in(quotes_link)
    assert visitor.get(f"/k/{quotes_link.public_id}/abnahme/").status_code == 200
    stranger = make.let_in(make.link_to(make.make_order()))
    assert stranger.get(address(asked)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_more_defects(visitor, asked, count):
    for n in range(count):
        defect = sign_offs.add_defect(asked, text=f"Kratzer {n}", photo=make.upload(), is_from_customer=True)
        attachments.make_preview(defect.photo_id)
    assert make.count_queries(visitor, address(asked)) <= 8


def test_of_two_decisions_at_once_one_counts(transactional_db):
    with current.working_for(make.make_business()):
        asked = make.make_requested_sign_off(days=None)
        link = make.link_to(asked.order)
        visitors = [make.let_in(link), make.let_in(link)]
        data = {"abnahme": asked.pk, "customer_name": "Sabine Brandt"}

        def decide(n):
            do = {"tun": "abnehmen"} if n else {"tun": "verweigern", "refusal_reason": "Nein"}
            try:
                return visitors[n].post(f"/k/{link.public_id}/abnahme/", data | do).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(decide, range(2))) == [302, 409]
        assert SignOff.objects.filter(decided_at__isnull=False).count() == 1
