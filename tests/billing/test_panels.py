"""What billing shows on "Heute", beside a contact and in the menu (HEU1 to HEU6)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import current
from accounts.context import nav_counts
from accounts.rights import Role
from billing import figures, invoices, orders, quote_links, quotes, waiting
from billing.models import Invoice, Order, Quote
from crm import access, messages
from crm.models import AccessLink
from tests import make

TODAY = reverse("today")


@pytest.fixture
def office(owner):
    return make.signed_in(owner)


@pytest.fixture
def worker(business):
    return make.make_member(Role.FIELD_WORKER, name="Emre")


def today():
    return timezone.localdate()


def page_of(browser, url=TODAY):
    return browser.get(url).content.decode()


def text_of(page):
    """The words of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace("\xa0", " ")


def make_seen(times=1, **more):
    """A quote at which its customer looked."""
    quote = make.make_sent_quote(**more)
    access.links_to(quote).update(seen_count=times, last_seen_at=timezone.now())
    return quote


def make_overdue(days=1):
    """An invoice that is due today; look at it some days later."""
    return make.make_open_invoice(), today() + timedelta(days=14 + days)


def make_scheduled(member=None, *, in_days=0, by):
    order = orders.move(
        make.make_order(), Order.State.SCHEDULED, by=by, planned_on=today() + timedelta(days=in_days), tell=False
    )
    orders.assign(order, member)
    return order


# --- quotes -------------------------------------------------------------------------------------------------------------
def test_seen_quotes_most_looks_first_then_those_that_expire_soonest(business):
    once = make_seen(1, valid_until=today() + timedelta(days=20))
    soon = make_seen(1, valid_until=today() + timedelta(days=2))
    often = make_seen(3)
    make.make_sent_quote()  # nobody looked
    assert list(waiting.quotes(on=today())) == [often, soon, once]
    assert [quote.times for quote in waiting.quotes(on=today())] == [3, 1, 1]


def test_looks_of_all_links_are_added(business):
    quote = make_seen(2)
    quote_links.mint(quote, to="er@kunde.example")
    AccessLink.objects.filter(seen_count=0).update(seen_count=1, last_seen_at=timezone.now())
    assert [found.times for found in waiting.quotes(on=today())] == [3]


def test_accepted_and_expired_quotes_do_not_wait(business):
    make.make_order(make_seen())
    make_seen(valid_until=today())
    assert list(waiting.quotes(on=today() + timedelta(days=1))) == []


def test_declined_quotes_stay_a_week_behind_the_seen_ones(business):
    old, new = make_seen(5), make_seen()
    for quote in (old, new):
        quotes.decline(quote, reason="price", comment="Zu teuer für uns.")
    Quote.objects.filter(pk=old.pk).update(decided_at=timezone.now() - timedelta(days=8))
    seen = make_seen()
    assert list(waiting.quotes(on=today())) == [seen, new]


def test_a_seen_quote_can_be_called_about_and_followed_up(office):
    quote = make_seen(3, valid_until=today() + timedelta(days=2))
    page = page_of(office)
    assert "Angesehen, noch nicht angenommen 1" in text_of(page)
    assert "3× angesehen , zuletzt heute" in text_of(page) and "gilt noch 2 Tage" in text_of(page)
    assert "tel:+491713920011" in page and f'href="{quote.get_absolute_url()}"' in page
    assert reverse("billing:quote_follow_up", args=[quote.pk]) in page
    assert "7.871,85 €" in text_of(page)


def test_a_declined_quote_says_why(office):
    quotes.decline(make_seen(), reason="price", comment="Zu teuer <b>für uns</b>.")
    page = page_of(office)
    assert "Der Preis passt nicht" in text_of(page)
    assert "„Zu teuer &lt;b&gt;für uns&lt;/b&gt;.“" in page


# --- orders -------------------------------------------------------------------------------------------------------------
def test_orders_wait_withdrawn_ones_first_then_without_a_date_then_to_bill(business, owner):
    done, placed, withdrawn = make.make_completed_order(), make.make_order(), make.make_order()
    orders.withdraw(withdrawn, name="Ada", email="ada@kunde.example")
    make_scheduled(by=owner)
    make.make_open_invoice()  # its order is invoiced
    assert list(waiting.orders()) == [withdrawn, placed, done]


def test_each_order_has_its_next_step(office, owner):
    placed, done, begun = make.make_order(), make.make_completed_order(), make.make_completed_order()
    draft = make.make_draft_invoice(begun, by=owner)
    withdrawn = make.make_order()
    orders.withdraw(withdrawn, name="Ada", email="ada@kunde.example")
    page = page_of(office)
    assert "Widerruf eingegangen 1" in text_of(page) and f'href="{withdrawn.get_absolute_url()}"' in page
    assert "Neu beauftragt 1" in text_of(page) and "Abzurechnen 2" in text_of(page)
    assert f'href="{placed.get_absolute_url()}#weiter"' in page
    assert f'action="{reverse("billing:invoice_draft", args=[done.pk])}"' in page
    assert reverse("billing:invoice_draft", args=[begun.pk]) not in page
    assert f'href="{draft.get_absolute_url()}"' in page


def test_the_button_of_a_finished_order_drafts_its_invoice(office):
    order = make.make_completed_order()
    office.post(reverse("billing:invoice_draft", args=[order.pk]))
    assert Invoice.objects.get().order == order


def test_orders_of_the_day_are_those_whose_date_has_come_and_those_in_work(owner, worker):
    mine, late = make_scheduled(worker, by=owner), make_scheduled(worker, in_days=-1, by=owner)
    begun = orders.move(make_scheduled(worker, in_days=5, by=owner), Order.State.STARTED, by=owner, tell=False)
    other = make_scheduled(owner, by=owner)
    make_scheduled(worker, in_days=1, by=owner)
    assert list(waiting.orders_of_the_day(worker, on=today())) == [late, mine, begun]
    assert list(waiting.orders_of_the_day(owner, on=today(), everybodys=True)) == [late, mine, other, begun]


def test_a_worker_sees_the_own_orders_without_amounts_and_nothing_else(owner, worker):
    mine, other = make_scheduled(worker, by=owner), make_scheduled(owner, by=owner)
    make_seen(), make.make_completed_order(), make_overdue()
    browser = make.signed_in(worker)
    for url in (TODAY, reverse("crm:on_site"), mine.customer.get_absolute_url()):
        page = page_of(browser, url)
        assert mine.get_absolute_url() in page and other.get_absolute_url() not in page
        assert "€" not in page.replace("receipt-euro", "")
        assert "Angesehen, noch" not in page and "Abzurechnen" not in page and "Auf einen Blick" not in page
    assert nav_counts(worker) == {
        "today": 0, "requests": 0, "messages": 0, "quotes": 0, "orders": 1, "invoices": 0, "feedback": 0,
    }  # fmt: skip


def test_the_office_sees_who_works_where(office, owner, worker):
    order = make_scheduled(worker, by=owner)
    page = page_of(office)
    assert "Aufträge heute" in page and order.get_absolute_url() in page
    assert "Termin steht Emre" in text_of(page)


# --- invoices -----------------------------------------------------------------------------------------------------------
def test_overdue_invoices_worst_first_with_their_last_reminder(owner):
    first, second = make.make_open_invoice(), make.make_open_invoice()
    later = first.due_on + timedelta(days=3)
    assert list(waiting.overdue_invoices(on=first.due_on)) == []
    found = list(waiting.overdue_invoices(on=later))
    assert (found, found[0].reminded_at) == ([first, second], None)


def test_an_overdue_invoice_says_how_late_it_is(office, owner, time_machine):
    invoice, day = make_overdue(days=16)
    time_machine.move_to(timezone.now() + (day - today()))
    invoices.remind(invoice, by=owner)
    page = page_of(make.signed_in(owner))
    assert "16 Tage überfällig · erinnert am" in text_of(page)
    assert f'href="{invoice.get_absolute_url()}#erinnern"' in page


# --- the number in the menu ---------------------------------------------------------------------------------------------
def ask(quote):
    return messages.ask(access.links_to(quote).first(), "Auch in Messing?", author_name="")


def fill(owner):
    """One more of everything that can wait."""
    ask(make_seen())
    quotes.decline(make.make_sent_quote())
    orders.withdraw(make.make_order(), name="Ada", email="ada@kunde.example")
    make.make_order()
    make.make_completed_order()
    make.make_todo(by=owner, due_on=today())
    make.make_failed_mail(make.make_customer(follow_up_on=today()))
    make.make_appointment(starts_at=timezone.now(), assignee=owner)
    make_scheduled(owner, by=owner)
    make.make_answer()


def test_the_number_in_menu_and_head_is_that_of_the_rows(office, owner, time_machine):
    make.make_open_invoice()
    time_machine.move_to(timezone.now() + timedelta(days=20))
    fill(owner)
    page = page_of(make.signed_in(owner))
    main = page[page.index('class="o-cols"') : page.index("<aside>")]
    rows = len(re.findall(r'class="rw[ "]', main))
    badges = sum(int(n) for n in re.findall(r'<span class="badge(?: bad)?">(\d+)</span></?(?:header|a)', main))
    assert rows == nav_counts(owner)["today"] == 12
    assert f"{rows} Dinge warten auf Sie" in page
    assert f'<span class="n">{rows}<span class="vh"> offen</span></span>' in page
    assert badges == rows


def test_the_other_entries_count_what_their_lists_show(owner, worker, time_machine):
    make.make_open_invoice()
    time_machine.move_to(timezone.now() + timedelta(days=20))
    make_seen(), make.make_order(), make.make_answer()
    counts = nav_counts(owner)
    assert counts == {
        "today": 5, "requests": 0, "messages": 0, "quotes": 1, "orders": 1, "invoices": 1, "feedback": 1,
    }  # fmt: skip
    assert nav_counts(make.make_member(Role.TAX_ADVISER)) == {
        "today": 0, "requests": 0, "messages": 0, "quotes": 1, "orders": 1, "invoices": 1, "feedback": 0,
    }  # fmt: skip


def test_rows_of_another_business_are_not_counted(owner):
    with current.working_for(make.make_business("Andere")):
        fill(make.make_member())
    assert set(nav_counts(owner).values()) == {0}


def test_more_than_a_page_shows_is_not_counted_either(owner, monkeypatch):
    monkeypatch.setattr(waiting, "SHOWN", 2)
    for _ in range(3):
        make_seen()
    assert nav_counts(owner)["today"] == 2


def test_the_numbers_cost_one_query_and_strangers_none(owner, django_assert_num_queries):
    nav_counts(owner)
    with django_assert_num_queries(1):
        nav_counts(owner)
    with django_assert_num_queries(0):
        assert nav_counts(None) == {}


# --- what it costs ------------------------------------------------------------------------------------------------------
def test_heute_costs_23_queries_however_much_waits(office, owner):
    def cost(rows):
        for _ in range(rows):
            fill(owner)
        return make.count_queries(office, TODAY)

    first = cost(1)
    assert first == cost(2) <= 23


def test_a_contact_costs_the_same_with_one_and_three_of_everything(office, owner):
    customer = make.make_customer()

    def cost(rows):
        for _ in range(rows):
            make_seen(customer=customer)
            make.make_order(make.make_sent_quote(customer))
            make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)))
        return make.count_queries(office, customer.get_absolute_url())

    assert cost(1) == cost(2)


# --- beside a contact ---------------------------------------------------------------------------------------------------
def test_beside_a_contact_stands_what_is_open_and_their_value(office, owner):
    customer = make.make_customer()
    quote = make_seen(2, customer=customer)
    order = make.make_order(make.make_sent_quote(customer))
    invoice = make.make_open_invoice(make.make_completed_order(make.make_sent_quote(customer)))
    elsewhere = make_seen()
    page = page_of(office, customer.get_absolute_url())
    for each in (quote, order, invoice):
        assert f'class="rw solo" href="{each.get_absolute_url()}"' in page
    assert f'class="rw solo" href="{elsewhere.get_absolute_url()}"' not in page
    assert "2× angesehen" in text_of(page)
    value = figures.value_of(customer)
    assert value.open == invoice.gross
    assert "Umsatz gesamt, brutto 7.871,85 € davon offen 7.871,85 € Kunde seit" in text_of(page)


def test_beside_a_new_contact_stands_that_nothing_is_open(office):
    page = text_of(page_of(office, make.make_customer().get_absolute_url()))
    assert "Nichts offen." in page and "Umsatz gesamt" not in page


def test_the_tax_adviser_reads_figures_and_has_nothing_to_do(business):
    make_seen(), make.make_completed_order()
    page = page_of(make.signed_in_as(Role.TAX_ADVISER))
    assert "Auf einen Blick" in page and "Offene Angebote (1)" in page
    assert "Angesehen, noch nicht angenommen" not in page and "Abzurechnen" not in page
