"""Who is reminded of money, who is not and why, and what a letter asks for (R63 to R72)."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import Business
from accounts.refusals import Refusal
from billing import dunning, dunning_claims, dunning_holds, dunning_letters, invoices, journal, payments, tasks
from billing.models import (
    BankEntry,
    BankStatement,
    DunningItem,
    DunningLetter,
    Invoice,
    JournalEntry,
    OnlinePayment,
)
from crm import customers, messages, timeline
from crm.models import Mail
from tests import make

pytestmark = pytest.mark.django_db

ISSUED = date(2026, 4, 1)  # a Wednesday; the invoices are due on 15 April
DRAWN = "M 40 150 L 100 40 L 160 150 L 220 40 L 280 150"


def at(day, hour=10):
    """That day's time in Berlin, standing still."""
    instant = timezone.make_aware(datetime(day.year, day.month, day.day, hour))
    return time_machine.travel(instant, tick=False)


def invoice_of(customer, gross="1190.00", *, on=ISSUED, is_sent=True, **fields):
    """An open invoice over a gross amount, issued and mailed on a day."""
    with at(on):
        draft = invoices.create(
            customer, by=None, title="Einbauschrank", mode="gross", lines=[make.line(price=gross)], payment_days=14,
            service_from=on, **fields,
        )  # fmt: skip
        invoice = invoices.issue(draft, by=None, send_to=customer.email)
        if is_sent:
            invoices.deliver(invoice)
        return Invoice.objects.get(pk=invoice.pk)


def standing(invoice, day):
    """Where an invoice stands on a day."""
    with at(day):
        return dunning_holds.standings(Invoice.objects.filter(pk=invoice.pk), on=day)[0]


def hold(invoice, day=date(2026, 6, 1)):
    return standing(invoice, day).hold.replace("\xa0", " ")


def sent(customer, day, **changes):
    """The proposed letter of a day, sent; `changes` of the wish."""
    with at(day):
        proposal = dunning.proposal_for(customer, on=day)
        wish = dunning.wish_for(proposal, level=changes.pop("level", None))
        wish = replace(wish, **changes)
        return dunning.send(customer, wish, by=None, to=proposal.to)


@pytest.fixture
def customer(business):
    return make.make_customer()


@pytest.fixture
def company(business):
    return make.make_company()


@pytest.fixture
def invoice(customer):
    return invoice_of(customer)


# --- who is proposed, and who is not -----------------------------------------------------------------------------------
def test_an_overdue_invoice_is_proposed_after_the_days_a_transfer_takes(invoice):
    assert hold(invoice, date(2026, 4, 17)) == "Erst seit 15. April 2026 fällig, eine Überweisung kann unterwegs sein."
    assert hold(invoice, date(2026, 4, 18)) == ""


def test_what_is_not_overdue_is_not_on_the_list(invoice):
    assert dunning_holds.standings(Invoice.objects.all(), on=date(2026, 4, 15)) == []


def test_a_customer_is_one_proposal_over_all_his_invoices(customer, company):
    invoice_of(customer, "100.00")
    invoice_of(customer, "50.00")
    invoice_of(company, "70.00")
    found = dunning.proposals(on=date(2026, 6, 1))
    assert [(each.customer, len(each.ready), each.due) for each in found] == [
        (customer, 2, Decimal("150.00")),
        (company, 1, Decimal("70.00")),
    ]


def test_those_to_write_to_stand_first_and_each_says_why_not(customer, company):
    dunning.stop(invoice_of(customer), reason="Kunde bestreitet die Forderung", by=None)
    invoice_of(company, on=date(2026, 4, 8))
    found = dunning.proposals(on=date(2026, 6, 1))
    assert [(each.customer, [row.hold for row in each.held]) for each in found] == [
        (company, []),
        (customer, ["Mahnstopp: Kunde bestreitet die Forderung"]),
    ]


def test_a_stop_needs_a_reason_and_can_be_lifted(invoice):
    with pytest.raises(Refusal) as refused:
        dunning.stop(invoice, reason=" ", by=None)
    assert refused.value.field == "reason"
    dunning.stop(invoice, reason="strittig", by=None)
    dunning.resume(invoice, by=None)
    assert hold(invoice) == ""
    events = [entry.event for entry in timeline.of(invoice.customer)]
    assert events[:2] == ["billing.dunning_resumed", "billing.dunning_stopped"]


def test_a_customer_is_stopped_as_a_whole(customer, invoice):
    dunning.stop_customer(customer, reason="in Insolvenz", by=None)
    assert hold(invoice) == "Kunde wird nicht gemahnt: in Insolvenz"
    with pytest.raises(Refusal, match="in Insolvenz"), at(date(2026, 6, 1)):
        invoices.remind(Invoice.objects.get(pk=invoice.pk), by=None)


def test_the_period_of_a_letter_is_waited_for(customer, invoice):
    letter = sent(customer, date(2026, 4, 20))
    assert letter.pay_until == date(2026, 5, 4)
    assert hold(invoice, date(2026, 5, 7)) == "Frist aus dem Schreiben vom 20. April 2026 läuft bis 4. Mai 2026."
    assert (hold(invoice, date(2026, 5, 8)), standing(invoice, date(2026, 5, 8)).next_level) == ("", 1)


def test_money_that_nobody_has_booked_yet_is_waited_for(invoice):
    statement = BankStatement.objects.create(name="a.xml", format="camt", sha256="a")
    entry = BankEntry.objects.create(
        statement=statement, booked_on=date(2026, 5, 2), amount=500, purpose=f"Rg. {invoice.number}", fingerprint="a"
    )
    assert hold(invoice) == "Zahlung über 500,00 € vom 2. Mai 2026 ist noch nicht zugeordnet."
    BankEntry.objects.filter(pk=entry.pk).update(state=BankEntry.State.IGNORED)
    assert hold(invoice) == ""


@pytest.mark.parametrize(
    ("amount", "party", "waits"),
    [("1190.00", "S. BRANDT", True), ("1190.00", "Kaya", False), ("9.00", "Brandt", False)],
)
def test_the_same_amount_under_the_same_name_is_waited_for(invoice, amount, party, waits):
    statement = BankStatement.objects.create(name="a.xml", format="camt", sha256="a")
    BankEntry.objects.create(
        statement=statement, booked_on=date(2026, 5, 2), amount=Decimal(amount), party=party, fingerprint="a"
    )
    assert bool(hold(invoice)) == waits


def test_an_online_payment_that_was_begun_is_waited_for(invoice):
    with at(date(2026, 6, 1), 9):
        OnlinePayment.objects.create(
            invoice=invoice, provider="stripe", amount=1190, external_id="a", page_url="https://a"
        )
    assert hold(invoice) == "Online-Zahlung über 1.190,00 € begonnen."
    assert hold(invoice, date(2026, 6, 6)) == ""


def test_only_what_is_due_is_asked_for_while_a_retention_is_kept_back(customer):
    invoice = invoice_of(customer, retention_percent=5, retention_until=date(2028, 4, 1))
    assert standing(invoice, date(2026, 6, 1)).due == Decimal("1130.50")
    with at(date(2026, 6, 1)):
        payments.record(invoice, amount=Decimal("1130.50"), received_on=date(2026, 6, 1), by=None)
    assert hold(invoice) == "Offen ist nur der Sicherheitseinbehalt, fällig am 1. April 2028."


def test_a_question_of_the_customer_is_answered_first(invoice):
    with at(date(2026, 5, 3)):
        messages.ask(make.link_to(invoice), "Warum so viel?", author_name="Sabine Brandt")
    assert hold(invoice) == "Der Kunde hat am 3. Mai 2026 eine Frage zur Rechnung gestellt. Bitte antworten Sie zuerst."
    with at(date(2026, 5, 4)):
        messages.answer(invoice, "Wie vereinbart.", customer=invoice.customer, by=make.make_member())
    assert hold(invoice) == ""


@pytest.mark.parametrize("answer", ["requested", "refused"])
def test_without_the_sign_off_that_was_asked_for_nothing_is_due(business, answer):
    with at(ISSUED):
        order = make.make_completed_order()
        asked = make.make_requested_sign_off(order)
        if answer == "refused":
            make.sign_offs.refuse(asked, reason="Kratzer", customer_name="Ada", channel="on_site")
        invoice = make.make_open_invoice(order)
    assert hold(invoice) == "Die Leistung ist noch nicht abgenommen, die Zahlung also nicht fällig (§ 641 BGB)."


def test_the_term_of_building_work_runs_from_its_sign_off(business):
    """R39e: nothing is due before, and no default begins."""
    with at(ISSUED):
        order = make.make_completed_order()
        draft = make.make_draft_invoice(order)
        invoices.change(draft, is_construction=True, payment_days=14)
        invoice = invoices.issue(Invoice.objects.get(pk=draft.pk), by=None, send_to=order.customer.email)
        invoices.deliver(invoice)
    assert "noch nicht abgenommen" in hold(invoice)
    with at(date(2026, 6, 1)):
        asked = make.make_sign_off(order)
        make.sign_offs.accept(
            asked,
            reserves_defects=None,
            reserves_penalty=None,
            customer_name="Ada",
            channel="on_site",
            signature=DRAWN,
        )
    assert hold(invoice, date(2026, 6, 15)) == "Seit der Abnahme läuft die Frist bis 15. Juni 2026."
    found = standing(invoice, date(2026, 6, 18))
    assert (found.hold, found.days) == ("", 3)
    claim = dunning_claims.of(Invoice.objects.get(pk=invoice.pk), on=date(2026, 8, 31))
    assert (claim.due_on, claim.default_from) == (date(2026, 6, 15), date(2026, 7, 16))


# --- instalments -------------------------------------------------------------------------------------------------------
def agreed(invoice, *, on=date(2026, 5, 1), count=3):
    with at(on):
        rates = dunning.even_instalments(Decimal("1190.00"), count=count, first_on=date(2026, 5, 31))
        return dunning.agree_plan(invoice, rates, by=None)


def test_who_keeps_the_plan_is_not_reminded(invoice):
    rates = agreed(invoice)
    assert [(each.due_on.isoformat(), each.amount) for each in rates] == [
        ("2026-05-31", Decimal("396.67")),
        ("2026-06-30", Decimal("396.67")),
        ("2026-07-31", Decimal("396.66")),
    ]
    assert hold(invoice, date(2026, 6, 3)) == "Die vereinbarten Raten werden eingehalten."
    assert hold(invoice, date(2026, 6, 4)) == ""
    with at(date(2026, 6, 4)):
        payments.record(invoice, amount=Decimal("396.67"), received_on=date(2026, 6, 4), by=None)
    assert hold(invoice, date(2026, 6, 4)) == "Die vereinbarten Raten werden eingehalten."


def test_instalments_are_exactly_what_is_open_on_days_to_come(invoice):
    with at(date(2026, 5, 1)):
        with pytest.raises(Refusal, match="offen sind"):
            dunning.agree_plan(invoice, [(date(2026, 6, 1), Decimal(100))], by=None)
        with pytest.raises(Refusal, match="der noch kommt"):
            dunning.agree_plan(invoice, [(date(2026, 4, 30), Decimal(1190))], by=None)
        with pytest.raises(Refusal, match="1 bis 36 Raten"):
            dunning.even_instalments(Decimal(1190), count=37, first_on=date(2026, 6, 1))


def test_a_plan_ends(invoice):
    agreed(invoice)
    dunning.end_plan(invoice, by=None)
    assert hold(invoice, date(2026, 5, 2)) == ""
    assert [entry.event for entry in JournalEntry.objects.order_by("-sequence")[:2]] == [
        "billing.plan_ended",
        "billing.plan_agreed",
    ]


# --- what a letter asks for --------------------------------------------------------------------------------------------
def test_the_levels_follow_each_other(company):
    """0 friendly, 1 sets the default, 2 with interest and lump sum, 3 for the lawyer (R69)."""
    invoice_of(company)
    found = [sent(company, day) for day in (date(2026, 4, 20), date(2026, 5, 11), date(2026, 6, 1), date(2026, 6, 22))]
    assert [(letter.level, letter.items.get().interest > 0, letter.items.get().lump_sum) for letter in found] == [
        (0, False, 0),
        (1, False, 0),
        (2, True, 40),
        (3, True, 0),
    ]
    assert [dunning_letters.read(letter).earlier for letter in found] == [0, 0, 0, 40]
    assert [letter.send_to != "" for letter in found] == [True, True, True, False]


def test_only_the_friendly_reminder_speaks_of_no_default(company):
    invoice_of(company)
    grounds = []
    for day in (date(2026, 6, 1), date(2026, 6, 22)):
        grounds.append(
            [words for _claim, words in dunning_letters.context(dunning_letters.read(sent(company, day)))["grounds"]]
        )
    assert grounds == [
        [],
        ["seit 16. Mai 2026 in Verzug: 30 Tage nach Fälligkeit und Zugang der Rechnung (§ 286 Abs. 3 BGB)"],
    ]


@pytest.mark.parametrize(("kind", "points"), [("consumer", "5 Prozentpunkte"), ("business", "9 Prozentpunkte")])
def test_the_letter_says_how_its_interest_was_worked_out(business, kind, points):
    """By what the customer was when the invoice was issued."""
    customer = make.make_company(kind=kind)
    invoice_of(customer)
    customers.change(customer, kind="business" if kind == "consumer" else "consumer")
    letter = sent(customer, date(2026, 6, 1), level=2)
    assert points in dunning_letters.context(dunning_letters.read(letter))["interest_rule"]


def test_after_the_handover_nobody_writes_any_more(customer, invoice):
    sent(customer, date(2026, 5, 1), level=3)
    assert hold(invoice, date(2026, 9, 1)) == "Übergeben am 1. Mai 2026."


def test_consumers_pay_no_lump_sum_and_the_lower_interest(customer):
    """R67, and case 20 of section 12: 46 days at 6.27 % and 62 at 6.52 % of 1,190.00, as 30 days after receipt passed."""
    invoice = invoice_of(customer, on=date(2026, 4, 1))
    claim = dunning_claims.of(invoice, on=date(2026, 8, 31), asks_interest=True, asks_lump_sum=True)
    assert (claim.default_from, claim.ground) == (date(2026, 5, 16), "thirty_days")
    assert (claim.interest, claim.lump_sum) == (Decimal("22.58"), 0)
    assert claim.total == Decimal("1212.58")


def test_a_business_pays_nine_points_and_forty_euros(company):
    claim = dunning_claims.of(invoice_of(company), on=date(2026, 8, 31), asks_interest=True, asks_lump_sum=True)
    assert (claim.default_from, claim.interest, claim.lump_sum) == (date(2026, 5, 16), Decimal("36.67"), 40)
    assert claim.total == Decimal("1266.67")


def test_a_consumer_without_the_notice_owes_interest_only_after_a_mahnung(customer, monkeypatch):
    """Case 21 of section 12."""
    monkeypatch.setattr("billing.tax.NOTES", [note for note in _notes() if note.key != "payment_default"])
    monkeypatch.setattr("billing.tax.notes_for", lambda *_, **__: ())
    invoice = invoice_of(customer)
    monkeypatch.undo()
    claim = dunning_claims.of(invoice, on=date(2026, 8, 31), asks_interest=True)
    assert (claim.default_from, claim.interest) == (None, 0)
    letter = sent(customer, date(2026, 9, 1), level=1)
    assert letter.pay_until == date(2026, 9, 15)
    claim = dunning_claims.of(invoice, on=date(2026, 9, 30), asks_interest=True)
    # 15 days at 6.52 % of 1,190.00
    assert (claim.default_from, claim.ground, claim.interest) == (date(2026, 9, 16), "reminded", Decimal("3.19"))


def _notes():
    from billing import tax

    return tax.NOTES


def test_a_friendly_reminder_is_no_mahnung(customer, monkeypatch):
    monkeypatch.setattr("billing.dunning_claims.has_notice", lambda _document: False)
    invoice = invoice_of(customer)
    sent(customer, date(2026, 4, 20))
    assert dunning_claims.of(invoice, on=date(2026, 8, 31), asks_interest=True).default_from is None


def test_a_mail_that_came_back_was_not_received(customer):
    invoice = invoice_of(customer)
    Mail.objects.update(state=Mail.State.BOUNCED)
    assert dunning_claims.of(invoice, on=date(2026, 8, 31), asks_interest=True).default_from is None


def test_a_mahnung_that_came_back_sets_nobody_into_default(customer, monkeypatch):
    monkeypatch.setattr("billing.dunning_claims.has_notice", lambda _document: False)
    invoice = invoice_of(customer)
    dunning.deliver(sent(customer, date(2026, 5, 11), level=1))
    assert dunning_claims.of(invoice, on=date(2026, 8, 31)).default_from == date(2026, 5, 27)  # Whit Monday is free
    Mail.objects.filter(kind="billing/mail/dunning_letter").update(state=Mail.State.BOUNCED)
    assert dunning_claims.of(invoice, on=date(2026, 8, 31)).default_from is None


def test_an_agreed_period_needs_no_mahnung(business):
    """§ 286 (2) Nr. 2 BGB: the order says it, not the invoice alone."""
    with at(ISSUED):
        quote = make.make_sent_quote(payment_terms="Zahlbar innerhalb von 14 Tagen nach Erhalt der Rechnung.")
        invoice = make.make_open_invoice(make.make_completed_order(quote), rendered=True)
    claim = dunning_claims.of(Invoice.objects.get(pk=invoice.pk), on=date(2026, 6, 1))
    assert (claim.default_from, claim.ground) == (date(2026, 4, 16), "agreed")


def test_part_payments_and_reversals_count_from_the_day_after(customer):
    invoice = invoice_of(customer)
    with at(date(2026, 7, 10)):
        kept = payments.record(invoice, amount=Decimal("190.00"), received_on=date(2026, 7, 10), by=None)
        payments.reverse(payments.record(invoice, amount=Decimal(500), received_on=date(2026, 7, 10), by=None), by=None)
    claim = dunning_claims.of(Invoice.objects.get(pk=invoice.pk), on=date(2026, 7, 31), asks_interest=True)
    assert [(each.first, each.principal) for each in claim.segments] == [
        (date(2026, 5, 16), 1190),
        (date(2026, 7, 1), 1190),
        (date(2026, 7, 11), 1000),
    ]
    assert (claim.principal, claim.received) == (Decimal(1000), kept.amount)


def test_a_retention_that_is_due_is_a_claim_of_its_own(customer):
    """It bears interest only from its own default on."""
    invoice = invoice_of(customer, retention_percent=5, retention_until=date(2026, 7, 1))
    claim = dunning_claims.of(invoice, on=date(2026, 8, 31), asks_interest=True)
    assert claim.principal == Decimal("1190.00")
    assert [(each.first, each.principal) for each in claim.segments] == [
        (date(2026, 5, 16), Decimal("1130.50")),
        (date(2026, 7, 1), Decimal("1130.50")),
        (date(2026, 8, 1), Decimal("59.50")),
    ]


def test_interest_for_a_half_year_without_a_rate_is_refused(company):
    invoice_of(company, on=date(2026, 11, 2))
    with pytest.raises(Refusal, match="Basiszinssatz") as refused:
        sent(company, date(2027, 2, 1), level=2, asks_interest=True)
    assert refused.value.field == "asks_interest"
    assert sent(company, date(2027, 2, 1), level=2, asks_interest=False).items.get().interest == 0


def test_costs_are_asked_for_with_the_second_mahnung_by_post_only(customer):
    """R68: what a mail costs is nothing, and the letter that sets the default is never charged."""
    Business.objects.update(dunning_costs=Decimal("0.95"))
    customer = type(customer).objects.get(pk=customer.pk)
    invoice_of(customer, "100.00")
    invoice_of(customer, "200.00")
    letters = [
        sent(customer, date(2026, 5, 11), level=1, by_post=True),
        sent(customer, date(2026, 6, 1), level=2, by_post=False),
        sent(customer, date(2026, 6, 22), level=2, by_post=True),
    ]
    assert [[item.costs for item in letter.items.order_by("pk")] for letter in letters] == [
        [0, 0],
        [0, 0],
        [Decimal("0.95"), 0],
    ]
    assert letters[2].total == 300 + Decimal("0.95") + sum(item.interest for item in letters[2].items.all())


def test_the_lump_sum_is_asked_for_once_whatever_happens(company):
    invoice = invoice_of(company)
    first, second = (sent(company, day, level=2) for day in (date(2026, 6, 1), date(2026, 6, 22)))
    assert [letter.items.get().lump_sum for letter in (first, second)] == [40, 0]
    with pytest.raises(IntegrityError), transaction.atomic():
        DunningItem.objects.create(letter=_another(first), invoice=invoice, principal=1, lump_sum=40)


def _another(letter):
    return DunningLetter.objects.create(
        customer=letter.customer, level=2, issued_on=letter.issued_on, pay_until=letter.pay_until, total=1, content="{}",
        content_hash="a",
    )  # fmt: skip


# --- sending -----------------------------------------------------------------------------------------------------------
def test_a_letter_is_frozen_and_told_to_journal_and_timeline(customer, invoice):
    letter = sent(customer, date(2026, 5, 11), level=1)
    entry = JournalEntry.objects.order_by("-sequence").first()
    assert (entry.event, entry.content_hash) == ("billing.dunning_sent", letter.content_hash)
    assert journal.first_broken() is None
    line = next(each for each in timeline.of(customer) if each.event.startswith("billing.dunning"))
    assert (line.event, line.subject, line.facts["numbers"]) == ("billing.dunning_sent", letter, invoice.number)
    with pytest.raises(DatabaseError), transaction.atomic():
        DunningLetter.objects.filter(pk=letter.pk).update(total=1)
    customers.change(customer, last_name="Schulz")
    assert dunning_letters.read(letter).buyer.name == "Sabine Brandt"


def test_a_letter_is_mailed_once_with_its_pdf_and_the_invoices(customer, invoice):
    letter = sent(customer, date(2026, 5, 11), level=1)
    for _again in range(2):
        dunning.deliver(letter)
    mail = Mail.objects.get(kind="billing/mail/dunning_letter")
    assert [each.name for each in mail.attachments.order_by("pk")] == [
        "Mahnung 2026-05-11.pdf",
        f"{invoice.number}.pdf",
    ]
    assert (mail.to, mail.link.subject, mail.is_automatic) == (customer.email, invoice, True)
    letter.refresh_from_db()
    assert mail.attachments.order_by("pk")[0].sha256 == letter.pdf_sha256


def test_what_changed_since_the_preview_is_not_sent(customer, invoice):
    day = date(2026, 5, 11)
    with at(day):
        proposal = dunning.proposal_for(customer, on=day)
        wish = dunning.wish_for(proposal)
        letter, _invoices = dunning.draft(proposal, wish, on=day)
        seen = dunning_letters.documents.content_hash(letter)
        payments.record(invoice, amount=Decimal(90), received_on=day, by=None)
        with pytest.raises(Refusal, match="Seit der Vorschau"):
            dunning.send(customer, wish, by=None, to=proposal.to, seen=seen)


def test_of_two_who_send_the_second_sends_nothing(customer, invoice):
    sent(customer, date(2026, 5, 11))
    with pytest.raises(Refusal, match="mindestens eine Rechnung"):
        sent(customer, date(2026, 5, 11))
    assert DunningLetter.objects.count() == 1


def test_without_an_address_a_letter_goes_by_post(business):
    customer = make.make_customer(email="")
    invoice_of(customer)
    with at(date(2026, 5, 11)):
        wish = dunning.wish_for(dunning.proposal_for(customer, on=date(2026, 5, 11)))
        assert wish.by_post
        with pytest.raises(Refusal, match="keine E-Mail-Adresse"):
            dunning.send(customer, replace(wish, by_post=False), by=None)
    letter = sent(customer, date(2026, 5, 11))
    dunning.deliver(letter)
    assert Mail.objects.filter(about_id=letter.pk, kind="billing/mail/dunning_letter").count() == 0
    assert letter.__class__.objects.get().pdf != ""


def test_the_friendly_reminder_of_one_invoice_is_level_zero(customer, invoice):
    with at(date(2026, 4, 20)):
        invoices.remind(invoice, by=None)
    letter = DunningLetter.objects.get()
    assert (letter.level, letter.items.get().invoice, letter.total) == (0, invoice, Decimal("1190.00"))
    entry = JournalEntry.objects.order_by("-sequence").first()
    assert (entry.event, entry.content_hash) == ("billing.invoice_reminded", letter.content_hash)
    assert standing(invoice, date(2026, 5, 11)).next_level == 1


# --- by itself ---------------------------------------------------------------------------------------------------------
def run(day, hour=10):
    with at(day, hour):
        tasks.send_dunning_letters()
    return DunningLetter.objects.count()


def test_nothing_is_sent_by_itself_unless_switched_on(business, invoice):
    assert run(date(2026, 5, 11)) == 0
    Business.objects.filter(pk=business.pk).update(dunning_is_automatic=True)
    assert (run(date(2026, 5, 11)), run(date(2026, 5, 11))) == (1, 1)


@pytest.mark.parametrize(("day", "hour"), [(date(2026, 5, 11), 7), (date(2026, 5, 10), 10)])
def test_nothing_leaves_by_itself_at_night_or_on_sundays(business, invoice, day, hour):
    Business.objects.filter(pk=business.pk).update(dunning_is_automatic=True)
    assert run(day, hour) == 0


def test_the_handover_is_never_done_by_itself(business, customer, invoice):
    Business.objects.filter(pk=business.pk).update(dunning_is_automatic=True)
    sent(customer, date(2026, 5, 11), level=2)
    assert run(date(2026, 6, 8)) == 1


def test_one_business_that_fails_does_not_stop_the_others(business, invoice, monkeypatch):
    make.make_business("Andere", dunning_is_automatic=True)
    Business.objects.filter(pk=business.pk).update(dunning_is_automatic=True)
    done = []
    monkeypatch.setattr(dunning, "send_due", lambda: done.append(1) or 1 / 0)
    tasks.send_dunning_letters()
    assert done == [1, 1]


# --- limitation --------------------------------------------------------------------------------------------------------
def test_claims_are_listed_in_the_last_ninety_days_before_they_are_barred(customer):
    """R72: due in 2026, barred after 31 December 2029."""
    invoice = invoice_of(customer)
    found = [list(dunning.barred_soon(on=day)) for day in (date(2029, 10, 1), date(2029, 10, 2), date(2030, 1, 1))]
    assert found == [[], [invoice], [invoice]]


@pytest.mark.parametrize(("count", "words"), [(1, "Von der Rechnung unten sind"), (2, "Von den Rechnungen unten sind")])
def test_a_letter_says_whether_it_is_about_one_invoice_or_several(customer, count, words):
    for _each in range(count):
        invoice_of(customer)
    shown = dunning_letters.context(dunning_letters.read(sent(customer, date(2026, 5, 4))))
    assert words in shown["paragraphs"][1]
    assert shown["sums"][0][0] == ("Offene Rechnung" if count == 1 else "Offene Rechnungen")


def handover(company, day, collection):
    """A handover with costs of collection, and its letter as it was sent."""
    row = sent(company, day, level=DunningLetter.Level.HANDOVER, collection=Decimal(collection), asks_lump_sum=True)
    return row, dunning_letters.read(row)


@pytest.mark.parametrize(
    ("collection", "credited", "more"),
    [("150.00", "40.00", "150.00"), ("25.00", "25.00", "40.00"), ("40.00", "40.00", "40.00")],
)
def test_the_lump_sum_counts_towards_the_costs_of_collection(company, collection, credited, more):
    """R67, § 288 (5) S. 3 BGB: the customer owes the larger of both, not their sum."""
    invoice_of(company)
    row, letter = handover(company, date(2026, 8, 31), collection)
    assert (letter.collection, letter.credited) == (Decimal(collection), Decimal(credited))
    assert letter.total == letter.principal + letter.interest + Decimal(more)
    item = row.items.get()
    assert (item.collection, item.credited, item.lump_sum + item.costs) == (
        Decimal(collection), Decimal(credited), Decimal(more),
    )  # fmt: skip
    labels = [label for label, _amount in dunning_letters.context(letter)["sums"]]
    assert "Pauschale darauf angerechnet (§ 288 Abs. 5 Satz 3 BGB)" in labels


def test_a_lump_sum_of_an_earlier_letter_counts_too(company):
    invoice = invoice_of(company)
    sent(company, date(2026, 6, 10), level=DunningLetter.Level.LAST, asks_lump_sum=True)
    _row, letter = handover(company, date(2026, 8, 31), "100.00")
    assert (letter.lump_sum, letter.credited) == (Decimal("0.00"), Decimal("40.00"))
    with at(date(2026, 8, 31)):  # 40 of the first letter, 60 of the second
        assert payments.beside(Invoice.objects.get(pk=invoice.pk)).costs == Decimal("100.00")


def test_a_consumer_owes_the_costs_and_nothing_is_credited(customer):
    invoice_of(customer)
    _row, letter = handover(customer, date(2026, 8, 31), "80.00")
    assert (letter.collection, letter.credited, letter.lump_sum) == (Decimal("80.00"), 0, 0)


@pytest.mark.parametrize(("level", "day"), [(2, date(2026, 8, 31)), (3, date(2026, 4, 20))])
def test_costs_of_collection_are_for_the_handover_in_default(company, level, day):
    invoice_of(company)
    with pytest.raises(Refusal) as refused:
        sent(company, day, level=level, collection=Decimal("50.00"))
    assert refused.value.field == "collection"
