"""Two more firms: an electrician who asks every customer for the postcode, and a gardener who is a Kleinunternehmerin."""

from datetime import date
from decimal import Decimal

from accounts.models import Business, SmallBusinessPeriod
from billing import quotes, tax_decisions
from billing.tax_decisions import Decision
from config.demo import people
from config.demo.clock import days_ago
from config.demo.haselbach import accept, bill, finish
from config.demo.rows import line, section
from crm import customers


def nordlicht() -> Business:
    """Elektro Nordlicht GmbH in Flensburg."""
    return Business.objects.create(
        name="Elektro Nordlicht", slug=people.NORDLICHT, legal_name="Elektro Nordlicht GmbH", legal_form="gmbh",
        owner_name="Inga Brodersen", trade="Elektrotechnik", street="Harrisleer Straße 71", postcode="24939", city="Flensburg",
        state="SH", phone="0461 9990120", email="buero@nordlicht.example", register_court="Amtsgericht Flensburg",
        register_number="HRB 12345 FL", tax_number="15/290/12349", vat_id="DE811569869",
        account_holder="Elektro Nordlicht GmbH", iban="DE89370400440532013000", is_regulated_trade=True,
        chamber="Handwerkskammer Flensburg", employees=12, asks_postcode=True, brand="#1b5a9f", payment_days=10,
    )  # fmt: skip


def fill_nordlicht(firm: Business) -> None:
    """A private photovoltaics customer at 0 %, a public one, one open quote behind the postcode question."""
    member = people.invite_all(firm)
    inga = member["inga"]
    solar = customers.create(
        by=inga, kind="consumer", salutation="mr", first_name="Hinrich", last_name="Petersen", email="hinrich@petersen.example",
        street="Osterallee 12", postcode="24944", city="Flensburg", phone="0461 9990131", tags=["Photovoltaik"],
    )  # fmt: skip
    town = customers.create(
        by=inga, kind="public", company_name="Gemeinde Harrislee", salutation="ms", first_name="Silke", last_name="Matzen",
        email="bauamt@harrislee.example", street="Süderstraße 101", postcode="24955", city="Harrislee", leitweg_id="991-33333TEST-33",
    )  # fmt: skip
    with days_ago(6):
        roof = quotes.create(
            solar, by=inga, title="Photovoltaikanlage 9,8 kWp",
            tax_decision=tax_decisions.to_json(Decision(is_operator=True, kwp=Decimal("9.8"), pv_place="home")), lines=[
                section("Anlage"),
                line("Solarmodule 440 W, glasverstärkt", 22, "H87", 132, vat_rate=Decimal(0)),
                line("Wechselrichter 10 kW", 1, "H87", 1680, vat_rate=Decimal(0)),
                line("Speicher 7,5 kWh", 1, "H87", 3900, vat_rate=Decimal(0), alternative_set="Speicher", is_default=True),
                line("Speicher 10 kWh", 1, "H87", 4850, vat_rate=Decimal(0), alternative_set="Speicher"),
                section("Auf Wunsch"),
                line("Wallbox 11 kW", 1, "H87", 890, is_optional=True),
            ],
        )  # fmt: skip
        quotes.send(roof, by=inga, to=solar.email)
    with days_ago(40):
        lamps = quotes.create(
            town, by=inga, title="Beleuchtung Turnhalle", lines=[
                line("LED-Hallenleuchte 150 W", 24, "H87", 189), line("Montage mit Hubsteiger", 20, "HUR", 68, cost="labour"),
            ],
        )  # fmt: skip
        quotes.send(lamps, by=inga, to=town.email)
    with days_ago(38):
        order = accept(lamps, name="Silke Matzen", email=town.email)
    with days_ago(12):
        finish(order, inga)
    with days_ago(11):
        bill(order, inga, town.email)


def moos() -> Business:
    """Gartenservice Lina Moos, without VAT (§ 19 UStG)."""
    firm = Business.objects.create(
        name="Gartenservice Moos", slug=people.MOOS, legal_name="Gartenservice Lina Moos", owner_name="Lina Moos", trade="Gartenpflege",
        street="Am Wehr 3", postcode="38100", city="Braunschweig", state="NI", phone="0531 9990140", email="lina@moos.example",
        tax_number="14/123/01238", account_holder="Lina Moos", iban="DE75512108001245126199", brand="#d9a400",
    )  # fmt: skip
    SmallBusinessPeriod.objects.create(business=firm, valid_from=date(2025, 1, 1))
    return firm


def fill_moos(firm: Business) -> None:
    """One finished job with its invoice, one open quote."""
    lina = people.invite_all(firm)["lina"]
    lawn = customers.create(
        by=lina, kind="consumer", salutation="mr", first_name="Gerd", last_name="Ahlers", email="gerd@ahlers.example",
        street="Celler Straße 9", postcode="38114", city="Braunschweig",
    )  # fmt: skip
    with days_ago(21):
        hedge = quotes.create(lawn, by=lina, title="Hecke schneiden", lines=[
            line("Heckenschnitt, 22 m", 5, "HUR", 38, cost="labour"), line("Schnittgut abfahren", 1, "LS", 60, cost="disposal"),
        ])  # fmt: skip
        quotes.send(hedge, by=lina, to=lawn.email)
    with days_ago(19):
        order = accept(hedge, name="Gerd Ahlers", email=lawn.email)
    with days_ago(8):
        finish(order, lina)
    with days_ago(7):
        bill(order, lina, lawn.email)
    with days_ago(1):
        beds = quotes.create(lawn, by=lina, title="Beete winterfest machen", lines=[
            line("Beete abdecken, Stauden schneiden", 4, "HUR", 38, cost="labour"),
            line("Rindenmulch", 6, "H87", 9, is_optional=True),
        ])  # fmt: skip
        quotes.send(beds, by=lina, to=lawn.email)
