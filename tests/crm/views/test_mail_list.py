"""The outbox: what did not arrive is visible and can be sent again."""

import pytest
from django.urls import reverse

from crm import mail
from crm.models import Mail
from tests import make

LIST = reverse("crm:mail_list")


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


def test_an_empty_outbox_says_so(office):
    assert "Noch keine E-Mail gesendet." in office.get(LIST).content.decode()


def test_failed_mails_stand_first_with_their_repair(office):
    customer = make.make_customer()
    failed = make.make_failed_mail(customer)
    page = office.get(LIST).content.decode()
    assert "Nicht zugestellt" in page and "550 no such user" in page
    assert (
        reverse("crm:mail_retry", args=[failed.pk]) in page and reverse("crm:customer_edit", args=[customer.pk]) in page
    )


@pytest.mark.django_db(transaction=True)
def test_sending_again_wakes_the_task(woken):
    from accounts import current

    with current.working_for(make.make_business()):
        office, failed = make.signed_in_as(), make.make_failed_mail()
        woken.clear()
        assert office.post(reverse("crm:mail_retry", args=[failed.pk])).url == LIST
        assert woken == [("crm.tasks.deliver", failed.pk)]
        assert Mail.objects.get(pk=failed.pk).state == "waiting"
        assert mail.deliver(failed.pk) is True


def test_pages_follow_each_other(office, owner):
    for _ in range(52):
        mail.queue("crm/mail/todo_reminder", to="a@b.example", todo=make.make_todo(by=owner))
    first = office.get(LIST)
    assert len(first.context["mails"]) == 50
    assert len(office.get(LIST, {"vor": first.context["older_than"]}).context["mails"]) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(office, count, django_assert_num_queries):
    for _ in range(count):
        make.make_failed_mail(make.make_customer())
    office.get(LIST)
    with django_assert_num_queries(6):
        office.get(LIST)
