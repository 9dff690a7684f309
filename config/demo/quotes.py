"""Haselbach's quotes that show what a quote can do: whole titles to choose, versions, wishes, an estimate, lost ones."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from billing import building_blocks, change_requests, choices, quotes
from billing.models import Quote, TextBlock
from config.demo.clock import days_ago
from config.demo.rows import line, section
from crm import access
from crm.models import Customer

SOURCES = {
    "brandt": "referral", "noll": "search", "yildiz": "referral", "osterloh": "regular", "jensen": "website",
    "morgenrot": "referral", "elbwinkel": "regular", "praxis": "website", "sanders": "fair",
}  # fmt: skip


def fill(contacts, jana, lotte) -> None:
    """Everything of this file, in the order it happened."""
    for key, source in SOURCES.items():
        Customer.objects.filter(pk=contacts[key].pk).update(source=source)
    _building_blocks()
    _lost(contacts, jana, lotte)
    _terrace(contacts["osterloh"], jana)
    _versions(contacts["yildiz"], jana)
    _wish(contacts["praxis"], lotte)
    _estimate(contacts["elbwinkel"], lotte)


def _terrace(customer, by):
    """Two whole titles to choose from, a third as an extra, and lamps in a number."""
    with days_ago(3, "15:20"):
        quote = quotes.create(
            customer, by=by, title="Terrassendeck am Gartenhaus", negotiation="visit",
            lines=[
                section("Unterbau"),
                line("Alte Platten aufnehmen und abfahren", 24, "MTK", 14, cost="disposal"),
                line("Unterkonstruktion mit Splittbett", 24, "MTK", 46),
                section("Deck aus Lärche", alternative_set="Belag", is_default=True),
                line("Dielen Sibirische Lärche, glatt", 24, "MTK", 58),
                line("Verlegen mit verdeckten Klammern", 24, "MTK", 38, cost="labour"),
                section("Deck aus Thermoesche", alternative_set="Belag"),
                line("Dielen Thermoesche, geriffelt", 24, "MTK", 84),
                line("Verlegen mit verdeckten Klammern", 24, "MTK", 42, cost="labour"),
                line("Erstes Öl nach dem Verlegen", 1, "LS", 160, cost="labour"),
                section("Sichtschutz zur Straße", is_optional=True),
                line("Pfosten in Punktfundament", 5, "H87", 78),
                line("Lamellenfeld Lärche, 180 × 180 cm", 4, "H87", 214),
                section("Licht"),
                line("Bodeneinbauleuchte, warmweiß", 1, "H87", 69, is_optional=True, option_group="Licht im Deck", max_quantity=10),
                line("Steckdosensäule", 1, "H87", 145, is_optional=True, option_group="Licht im Deck"),
            ],
        )  # fmt: skip
        quotes.send(quote, by=by, to=customer.email)


def _versions(customer, by):
    """A quote that was talked about again: version 2 is cheaper in one row and has one more."""
    with days_ago(8, "11:05"):
        first = quotes.create(
            customer, by=by, title="Garderobe mit Schuhschrank", lines=[
                line("Garderobenpaneel Eiche, 120 cm", 1, "H87", 520), line("Schuhschrank mit drei Klappen", 1, "H87", 680),
                line("Montage", 5, "HUR", 62, cost="labour"),
            ],
        )  # fmt: skip
        link = quotes.send(first, by=by, to=customer.email)
    with days_ago(6, "18:30"):
        access.mark_seen(link)
    with days_ago(2, "09:40"):
        second = quotes.revise(first, by=by)
        rows = [{name: getattr(row, name) for name in quotes.LINE_FIELDS} for row in second.lines.all()]
        rows[1]["unit_price"] = Decimal(610)
        rows.append(line("Spiegel, 40 × 120 cm", 1, "H87", 135))
        quotes.change(second, by=by, lines=rows)
        quotes.send(
            second, by=by,
            version_note="Der Schuhschrank wird mit Birke statt Eiche innen günstiger. Der Spiegel ist neu dabei.",
        )  # fmt: skip


def _wish(customer, by):
    """A customer who wants it otherwise: an acceptance with changes is no order."""
    with days_ago(4, "10:15"):
        quote = quotes.create(
            customer, by=by, title="Empfangstresen und Aktenschrank", payment_terms="14 Tage netto", lines=[
                line("Empfangstresen, 2,60 m", 1, "LS", 3480), line("Aktenschrank mit Rollladen", 2, "H87", 890),
                line("Montage", 9, "HUR", 62, cost="labour"),
            ],
        )  # fmt: skip
        link = quotes.send(quote, by=by, to=customer.email)
    with days_ago(1, "13:05"):
        access.mark_seen(link)
        change_requests.ask(
            quote, link=link, unwanted=["2"], choice=choices.default(quote.frozen_document), name="Anselm Vogt",
            text="Den Aktenschrank lassen wir erst einmal weg. Geht der Tresen auch in 2,40 m?",
        )  # fmt: skip


def _estimate(customer, by):
    """A Kostenvoranschlag: what it will cost as far as one can see."""
    with days_ago(5, "14:00"):
        quote = quotes.create(
            customer, by=by, title="Kellertüren instand setzen", kind=Quote.Kind.ESTIMATE, discount_percent=Decimal(-10),
            lines=[
                line("Türen richten, Bänder ersetzen", 14, "HUR", 62, cost="labour"),
                line("Beschläge und Kleinmaterial", 1, "LS", 420, cost="consumables"),
            ],
            closing="Der Zuschlag gilt für die Arbeit außerhalb der Öffnungszeiten.",
        )  # fmt: skip
        quotes.send(quote, by=by, to=customer.email)


def _lost(contacts, jana, lotte):
    """What did not come off, and why."""
    for days, key, title, price, reason, comment in (
        (84, "jensen", "Kommode mit Schubladen", 1480, "price", "Möbelhaus war günstiger."),
        (52, "noll", "Fensterläden", 2260, "not_now", ""),
        (33, "sanders", "Modellschrank", 3150, "other_firm", ""),
    ):
        with days_ago(days):
            quote = quotes.create(contacts[key], by=jana, title=title, lines=[line(title, 1, "LS", price)])
            link = quotes.send(quote, by=jana, to=contacts[key].email)
        with days_ago(days - 6):
            access.mark_seen(link)
            quotes.decline(quote, reason=reason, comment=comment)
    with days_ago(40):
        quote = quotes.create(
            contacts["praxis"], by=lotte, title="Schallschutztür", valid_until=timezone.localdate() + timedelta(days=14),
            lines=[line("Schallschutztür mit Zarge", 1, "H87", 1890), line("Einbau", 6, "HUR", 62, cost="labour")],
        )  # fmt: skip
        quotes.send(quote, by=lotte, to=contacts["praxis"].email)
    with days_ago(45):
        tables = quotes.create(
            contacts["jensen"], by=lotte, title="Zwei Nachttische", lines=[
                line("Nachttisch Eiche", 2, "H87", 340, alternative_set="Holz", is_default=True),
                line("Nachttisch Kirsche", 2, "H87", 395, alternative_set="Holz"),
            ],
        )  # fmt: skip
        quotes.send(tables, by=lotte, to=contacts["jensen"].email)
    quotes.expire(tables)  # the link still opens it, to read
    with days_ago(31):
        quotes.lose(quote, by=lotte, reason="date", comment="Am Telefon: erst nach dem Umbau im Frühjahr.")


def _building_blocks():
    cupboard = Quote.objects.filter(title="Einbauschrank und Garderobe im Flur").first()
    if cupboard:
        building_blocks.save_as_template(cupboard, name="Einbauschrank mit drei Fronten")
    for place, name, text in (
        ("intro", "Nach dem Aufmaß", "vielen Dank für den freundlichen Empfang. Hier ist Ihr Angebot nach dem Aufmaß vor Ort."),
        ("closing", "Fragen", "Rufen Sie gern an, wenn etwas unklar ist. Wir freuen uns, wenn wir für Sie arbeiten dürfen."),
        ("row", "Bauseits", "Strom und ein freier Zugang werden bauseits gestellt."),
    ):  # fmt: skip
        TextBlock.objects.create(place=place, name=name, text=text)
