"""The protocol of a sign-off in the office and on a tablet (ODT4): one form, every button saves what is typed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.rights import Role
from billing import orders, sign_off_papers, sign_offs
from billing.models import Defect, SignOff
from crm import attachments
from tests import make

DRAWN = "M 10 20 L 40 60 L 80 20"


@pytest.fixture(autouse=True)
def papers(monkeypatch):
    monkeypatch.setattr("billing.documents.pdf.render_letter_pdf", lambda *_, **__: b"%PDF-1.7 letter")
    monkeypatch.setattr("billing.documents.pdf.render_sign_off_pdf", lambda *_, **__: b"%PDF-1.7 protocol")


@pytest.fixture
def worker(business):
    return make.make_member(Role.FIELD_WORKER, name="Emre Yıldız")


@pytest.fixture
def order(worker):
    """Emre's order."""
    found = make.make_completed_order()
    orders.assign(found, worker)
    return found


@pytest.fixture
def tablet(worker):
    return make.signed_in(worker)


@pytest.fixture
def begun(tablet, order):
    """Emre began the protocol."""
    answer = tablet.post(f"/auftraege/{order.pk}/abnahme/")
    sign_off = SignOff.objects.get()
    assert answer["Location"] == f"/abnahmen/{sign_off.pk}/"
    return sign_off


def post(browser, sign_off, do, **said):
    data = {
        "tun": do, "scope": "Einbauschrank", "place": "Rotdornweg 8", "present": "Sabine Brandt", "warranty": "building",
        "customer_name": "Sabine Brandt", "business_name": "Emre Yıldız", "handed_over": "",
    }  # fmt: skip
    return browser.post(f"/abnahmen/{sign_off.pk}/", data | said)


def text(answer):
    return answer.content.decode()


def test_the_page_asks_everything_and_preselects_nothing(tablet, begun):
    page = text(tablet.get(begun.get_absolute_url()))
    assert "checked" not in page
    assert 'name="reserves_defects"' not in page  # no defect yet
    assert 'name="deadline"' not in page  # the office asks from afar
    assert "data-signature" in page
    assert page.count('value="abnehmen"') == 1
    assert "Deckungsbeitrag" not in page and 'class="o-nav"' not in page


def test_a_defect_with_photo_and_deadline_is_added_and_typed_facts_stay(tablet, begun):
    until = timezone.localdate() + timedelta(days=14)
    answer = post(tablet, begun, "mangel", text="Kratzer", mend_by=until.isoformat(), photo=make.upload())
    assert answer["Location"] == f"/abnahmen/{begun.pk}/#maengel"
    defect = Defect.objects.get()
    assert (defect.text, defect.mend_by, defect.photo.kind) == ("Kratzer", until, "photo")
    begun.refresh_from_db()
    assert (begun.scope, begun.warranty) == ("Einbauschrank", "building")
    attachments.make_preview(defect.photo_id)
    page = text(tablet.get(begun.get_absolute_url()))
    assert f"/dateien/{defect.photo_id}/bild/" in page
    assert page.count('name="reserves_defects"') == 2
    assert len(re.findall(r'name="reserves_\w+"[^>]*checked', page)) == 0
    post(tablet, begun, f"entfernen-{defect.pk}")
    assert not Defect.objects.exists()


def test_accepted_with_reservation_and_both_signatures(tablet, begun, worker):
    post(tablet, begun, "mangel", text="Kratzer")
    answer = post(tablet, begun, "abnehmen", customer_signature=DRAWN, business_signature=DRAWN)
    assert answer.status_code == 422
    page = text(answer)
    assert "Bitte beantworten Sie, ob Rechte wegen der genannten Mängel vorbehalten werden." in page
    assert page.count(DRAWN) == 2  # what was drawn is not lost
    answer = post(
        tablet, begun, "abnehmen", reserves_defects="nein", customer_signature=DRAWN, business_signature=DRAWN
    )
    assert answer["Location"] == begun.get_absolute_url()
    begun.refresh_from_db()
    assert (begun.state, begun.channel, begun.by, begun.reserves_defects) == ("accepted", "on_site", worker, False)
    assert (begun.customer_signature, begun.business_signature) == (DRAWN, DRAWN)
    page = text(tablet.get(begun.get_absolute_url()))
    assert "Gewährleistung bis" in page and "Das Protokoll wird gerade erstellt." in page
    sign_off_papers.close(begun)
    assert tablet.get(f"/abnahmen/{begun.pk}/pdf/").getvalue() == b"%PDF-1.7 protocol"
    assert post(tablet, begun, "verweigern", refusal_reason="Doch nicht").status_code == 409


def test_a_penalty_is_asked_once_it_is_ticked(tablet, begun):
    answer = post(tablet, begun, "abnehmen", has_penalty="on")
    assert answer.status_code == 422
    assert text(answer).count('name="reserves_penalty"') == 2
    post(tablet, begun, "abnehmen", has_penalty="on", reserves_penalty="ja")
    begun.refresh_from_db()
    assert (begun.state, begun.reserves_penalty) == ("accepted", True)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"warranty": ""}, "Bitte wählen Sie, welche Gewährleistung gilt."),
        ({"scope": " "}, "Bitte beschreiben Sie, was abgenommen wird."),
        ({"customer_name": ""}, "Bitte tragen Sie den Namen ein. Er gilt als Unterschrift."),
        ({"mend_by": "morgen"}, "Bitte wählen Sie einen Tag, zum Beispiel 04.12.2026."),
    ],
)
def test_what_is_missing_is_said_at_its_field(tablet, begun, said, sentence):
    answer = post(tablet, begun, "abnehmen", **said)
    assert answer.status_code == 422
    assert text(answer).count(sentence) == 2  # in the summary and at the field
    assert SignOff.objects.get().state == "draft"


def test_refused_with_a_reason_and_begun_anew(tablet, begun, order):
    assert post(tablet, begun, "verweigern").status_code == 422
    post(tablet, begun, "verweigern", refusal_reason="Zwei Türen fehlen.")
    page = text(tablet.get(begun.get_absolute_url()))
    assert "Zwei Türen fehlen." in page and "gemeinsamen Feststellung des Zustands" in page
    tablet.post(f"/auftraege/{order.pk}/abnahme/")
    assert SignOff.objects.count() == 2


def test_the_office_asks_from_afar_and_takes_it_back(begun):
    office = make.signed_in_as(Role.OFFICE)
    page = text(office.get(begun.get_absolute_url()))
    assert f'value="{(timezone.localdate() + timedelta(days=15)).isoformat()}"' in page
    soon = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert "Die Frist muss angemessen sein." in text(post(office, begun, "erbitten", deadline=soon))
    later = (timezone.localdate() + timedelta(days=20)).isoformat()
    assert post(office, begun, "erbitten", deadline=later)["Location"] == begun.order.get_absolute_url()
    begun.refresh_from_db()
    assert begun.state == "requested"
    post(office, begun, "zurueckziehen")
    begun.refresh_from_db()
    assert begun.state == "retracted"


def test_what_was_asked_from_afar_can_be_accepted_on_site(begun, tablet):
    sign_offs.fill(begun, scope="Der Schrank", is_part=False, place="", present="", handed_over="", warranty="thing",
                   has_penalty=False)  # fmt: skip
    sign_offs.request(begun, None, None)
    assert 'name="scope"' not in text(tablet.get(begun.get_absolute_url()))
    post(tablet, begun, "mangel", text="Kratzer")
    assert Defect.objects.get().is_from_customer
    post(tablet, begun, "abnehmen", reserves_defects="ja")
    begun.refresh_from_db()
    assert (begun.state, begun.scope, begun.channel) == ("accepted", "Der Schrank", "on_site")


def test_a_worker_neither_asks_nor_takes_back_what_the_office_asked(tablet, begun):
    assert post(tablet, begun, "erbitten").status_code == 403
    begun.refresh_from_db()
    sign_offs.request(begun, None, None)
    assert post(tablet, begun, "zurueckziehen").status_code == 403
    assert SignOff.objects.get().state == "requested"


def test_a_mended_defect_is_ticked_off(tablet, begun):
    post(tablet, begun, "mangel", text="Kratzer")
    defect = Defect.objects.get()
    assert tablet.post(f"/maengel/{defect.pk}/behoben/").status_code == 409  # the protocol is still open
    post(tablet, begun, "abnehmen", reserves_defects="ja")
    assert "Behoben" in text(tablet.get(begun.get_absolute_url()))
    assert tablet.post(f"/maengel/{defect.pk}/behoben/")["Location"] == begun.get_absolute_url()
    defect.refresh_from_db()
    assert defect.mended_on == timezone.localdate()


def test_a_worker_opens_only_what_is_his(tablet):
    other = make.make_sign_off()
    for address in (f"/abnahmen/{other.pk}/", f"/abnahmen/{other.pk}/pdf/"):
        assert tablet.get(address).status_code == 404
    assert tablet.post(f"/auftraege/{other.order.pk}/abnahme/").status_code == 404
    assert make.signed_in_as(Role.TAX_ADVISER).get(f"/abnahmen/{other.pk}/").status_code == 403


def test_a_draft_can_be_thrown_away(tablet, begun):
    assert post(tablet, begun, "verwerfen")["Location"] == begun.order.get_absolute_url()
    assert SignOff.objects.get().state == "retracted"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_more_defects(tablet, begun, count):
    for n in range(count):
        sign_offs.add_defect(begun, text=f"Kratzer {n}", photo=make.upload())
    assert make.count_queries(tablet, begun.get_absolute_url()) <= 12
