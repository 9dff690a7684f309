"""Acceptances on behalf and customers' wishes over the API (R80, R74)."""

import pytest
from django.utils import timezone

from billing import change_requests, choices
from billing.models import Acceptance, Order
from tests import make


def said(**changes):
    return {"channel": "phone", "name": "Sabine Brandt", "arrived_at": timezone.now().isoformat()} | changes


def test_a_program_takes_down_what_was_said(api, owner):
    quote = make.make_sent_quote(by=owner)
    choice = {"alternatives": {"Fronten": "3.2"}, "options": ["5.1"]}
    answer = api.post(f"quotes/{quote.pk}/accept-on-behalf/", said(choice=choice, note="Im März"))
    assert answer.status_code == 201
    order = Order.objects.get()
    assert answer.data["order"] == order.pk
    assert (answer.data["channel"], answer.data["by"], answer.data["note"]) == ("phone", str(owner), "Im März")
    assert answer.data["chosen"] == {"alternatives": {"Fronten": "3.2"}, "options": ["5.1"], "quantities": {}}
    assert answer.data["gross"] == str(order.gross)
    assert api.get(f"quotes/{quote.pk}/acceptance/").data == answer.data
    assert api.post(f"quotes/{quote.pk}/accept-on-behalf/", said()).status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": "portal"}, "channel"),
        ({"channel": "on_site"}, "channel"),
        ({"channel": "letter"}, "proof"),
        ({"proof": 999_999_999}, "proof"),
        ({"arrived_at": "2020-01-01T10:00:00Z"}, "arrived_at"),
        ({"name": ""}, "name"),
        ({"choice": {"alternatives": {"Fronten": "1.1"}}}, "choice"),
        ({"choice": {"alternatives": {"Türen": "3.2"}}}, "choice"),
        ({"choice": {"options": ["9.9"]}}, "choice"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(api, changes, field):
    quote = make.make_sent_quote()
    answer = api.post(f"quotes/{quote.pk}/accept-on-behalf/", said(**changes))
    assert answer.status_code in {400, 409, 422}
    assert field in str(answer.data)
    assert not Acceptance.objects.exists()


def test_the_proof_is_a_file_of_the_same_contact(api):
    quote = make.make_sent_quote()
    foreign = make.make_note(files=[make.upload()]).attachments.get()
    assert api.post(f"quotes/{quote.pk}/accept-on-behalf/", said(channel="letter", proof=foreign.pk)).status_code != 201
    own = make.make_note(quote.customer, files=[make.upload()]).attachments.get()
    answer = api.post(f"quotes/{quote.pk}/accept-on-behalf/", said(channel="letter", proof=own.pk))
    assert (answer.status_code, answer.data["proof"]) == (201, own.pk)


def test_drafts_are_not_accepted(api):
    assert api.post(f"quotes/{make.make_quote().pk}/accept-on-behalf/", said()).status_code == 409


def test_who_writes_no_documents_takes_nothing_down(worker_api, adviser_api):
    quote = make.make_sent_quote()
    assert worker_api.post(f"quotes/{quote.pk}/accept-on-behalf/", said()).status_code == 403
    assert adviser_api.post(f"quotes/{quote.pk}/accept-on-behalf/", said()).status_code == 403
    assert adviser_api.get(f"quotes/{quote.pk}/change-requests/").status_code == 200
    assert worker_api.get(f"quotes/{quote.pk}/acceptance/").status_code == 403


def test_wishes_can_be_read(api):
    quote = make.make_sent_quote()
    assert api.get(f"quotes/{quote.pk}/change-requests/").data == []
    change_requests.ask(
        quote, link=make.link_to(quote), unwanted=["4.3"], choice=choices.default(quote.frozen_document), text="Ohne",
        name="Sabine Brandt",
    )  # fmt: skip
    wish = api.get(f"quotes/{quote.pk}/change-requests/").data[0]
    assert (wish["unwanted"], wish["text"], wish["answered_at"]) == (["4.3"], "Ohne", None)
    assert wish["choice"]["alternatives"] == {"Fronten": "3.1"}
    assert api.get(f"quotes/{quote.pk}/acceptance/").status_code == 404
