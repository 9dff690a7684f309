"""The crowd that bin/bench-crm measures among: its rows are such as the verbs leave."""

from accounts.rights import Rights, Role
from billing.models import Quote
from config.demo import crowd
from crm import search
from crm.models import Customer, Note
from tests import make


def test_invented_contacts_are_folded_and_found_as_others_are(business):
    make.make_note(make.make_customer(tags=["Privat"]))
    crowd.gather(300, business)
    assert Customer.objects.count() == 241 and Note.objects.count() > 10 and Quote.objects.count() > 10
    customer = Customer.objects.last()
    name, text = customer.search_name, customer.search_text
    customer.fill_derived()
    assert customer.search_name == name and sorted(customer.search_text.split()) == sorted(text.split())
    assert search.find(customer.last_name, Rights(Role.OWNER))
