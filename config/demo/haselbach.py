"""Tischlerei Haselbach, the firm of the pictures: a joiner in Hamburg with private and business customers."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import Business
from billing import choices, invoices, legal_texts, order_news, orders, payments, quotes, rendering
from billing.models import CatalogueItem, Order
from config.demo import books, people, tracking
from config.demo import quotes as more_quotes
from config.demo.clock import days_ago
from config.demo.files import upload
from config.demo.rows import line, section
from crm import (
    access,
    appointments,
    arrangements,
    attachments,
    comments,
    customers,
    messages,
    notes,
    tags,
    timeline,
    todos,
)
from feedback import requests

TERMS = """Allgemeine Geschäftsbedingungen der Tischlerei Haselbach

1. Geltung. Diese Bedingungen gelten für alle Verträge über Tischlerarbeiten.
2. Maße. Wir fertigen nach unserem Aufmaß. Holz ist ein Naturprodukt, Maserung und Farbton können vom Muster abweichen.
3. Zahlung. Rechnungen sind innerhalb von 14 Tagen ohne Abzug zu zahlen, soweit nichts anderes vereinbart ist.
4. Gewährleistung. Es gelten die gesetzlichen Rechte.
"""


def business() -> Business:
    """The firm with its legal data."""
    firm = Business.objects.create(
        name="Tischlerei Haselbach", slug=people.HASELBACH, legal_name="Tischlerei Haselbach, Inh. Jana Haselbach",
        legal_form="sole_trader", owner_name="Jana Haselbach", trade="Tischlerei", street="Lohkamp 14",
        postcode="22397", city="Hamburg", state="HH", phone="040 66969-120", email="werkstatt@haselbach.example",
        tax_number="22/815/08154", vat_id="DE136695976", account_holder="Jana Haselbach", iban="DE02120300000000202051",
        bic="BYLADEM1001", is_regulated_trade=True, chamber="Handwerkskammer Hamburg",
        professional_title="Tischlermeisterin, verliehen in Deutschland",
        liability_insurer="Hanse Handwerk Versicherung, Hamburg; gilt in Deutschland", employees=4, terms=TERMS,
        brand="#24594a",
    )  # fmt: skip
    return firm


def fill(firm: Business) -> None:
    """Contacts, documents in every state, and what happened with them."""
    member = people.invite_all(firm)
    jana, lotte, emre = member["jana"], member["lotte"], member["emre"]
    _catalogue()
    tracking.shape()
    contacts = _contacts(lotte)
    _brandt(contacts["brandt"], jana)
    _open_quotes(contacts, jana, lotte)
    _running_orders(contacts, jana, emre)
    _finished(contacts, jana, lotte)
    more_quotes.fill(contacts, jana, lotte)
    tracking.fill(contacts, member)
    books.fill(contacts, member)
    _today(contacts, jana, lotte, emre)


def picture(customer, name, by):
    """A picture in the contact's files, with its preview."""
    found = attachments.add(customer, upload(name), by=by, is_told=False)
    attachments.make_preview(found.pk)
    return found


def accept(quote, *, name, email, taken=None):
    """Accept a quote as its customer would: through the link, with the lawful button."""
    document = quote.frozen_document
    choice = choices.parse(document, taken or {})
    link = access.links_to(quote).first()
    access.mark_seen(link)
    order = orders.place(
        quote, choice=choice, seen_hash=quote.document_hash, name=name, email=email,
        label_id=legal_texts.order_label(quote.customer.kind).id,
        summary=f"{quote.title}: {choices.applied(document, choice).totals.gross} Euro", link=link, feedback_notice=True,
        user_agent="Demo",
    )  # fmt: skip
    orders.confirm(order)
    rendering.acceptance(order.quote.acceptance)
    return order


def finish(order, by, *, note=""):
    """Take an order through to the end."""
    order.refresh_from_db()
    if order.state == Order.State.PLACED:
        orders.move(order, Order.State.SCHEDULED, by=by, planned_on=timezone.localdate(), tell=False)
    if order.state == Order.State.SCHEDULED:
        orders.move(order, Order.State.STARTED, by=by, tell=False)
    orders.move(order, Order.State.COMPLETED, by=by, note=note)
    order_news.deliver(order)
    return order


def bill(order, by, email):
    """The two clicks: draft from the order, issue and send."""
    invoice = invoices.draft_from_order(order, by=by)
    invoices.issue(invoice, by=by, send_to=email)
    invoices.deliver(invoice)
    invoice.refresh_from_db()
    return invoice


def cupboard(customer, by):
    """The rows of the built-in cupboard: three fronts, three extras and up to eight more shelves: 216 ways to choose."""
    fronts = "Fronten"
    return [
        section("Planung und Aufmaß"),
        line("Aufmaß vor Ort und Werkplanung", 1, "LS", 420, cost="labour", description="pauschal, mit Ansichtszeichnung zur Freigabe"),
        section("Schrank und Nische"),
        line("Schrankkorpus Birke-Multiplex", 4, "H87", 485, description="56 × 250 × 46 cm"),
        line("Nische mit Sitzbank, Eiche massiv", 1, "H87", 890, description="mit Schublade, Polster und 4 Haken"),
        line("Einlegeböden", 12, "H87", 24),
        section("Fronten, 4 Türen"),
        line("Eiche furniert, geölt", 4, "H87", 465, description="Durchlaufende Maserung, passt zur Sitznische", alternative_set=fronts, is_default=True, picture=picture(customer, "schrank-eiche.webp", by)),
        line("Salbei, matt lackiert", 4, "H87", 395, description="MDF, Ton NCS S 4010-G10Y, leicht zu reinigen", alternative_set=fronts, picture=picture(customer, "schrank-salbei.webp", by)),
        line("Weiß, matt lackiert", 4, "H87", 345, description="MDF, wie Ihre Zimmertüren (RAL 9010)", alternative_set=fronts, picture=picture(customer, "schrank-weiss.webp", by)),
        section("Lieferung und Montage"),
        line("Montage durch zwei Personen", 16, "HUR", 62, cost="labour"),
        line("Anfahrt", 1, "LS", 45, cost="travel"),
        line("Sockel- und Wandanschlüsse", 1, "LS", 180, cost="labour"),
        section("Auf Wunsch dazu"),
        line("LED-Lichtleiste in der Nische", 1, "H87", 240, description="Warmweiß, mit Bewegungsmelder", is_optional=True),
        line("Türdämpfung für alle Türen", 4, "H87", 28, description="Schließt leise, lässt sich nachstellen", is_optional=True),
        line("Alten Schrank abbauen und entsorgen", 1, "LS", 195, cost="disposal", description="Am Montagetag, inklusive Gebühren", is_optional=True),
        line("Zusätzliche Einlegeböden", 1, "H87", 24, description="So viele Sie möchten", is_optional=True, max_quantity=8),
    ]  # fmt: skip


def _catalogue():
    items = [
        ("Montage vor Ort", "HUR", 62, "labour"), ("Werkstattstunde", "HUR", 58, "labour"), ("Anfahrt Hamburg", "LS", 45, "travel"),
        ("Aufmaß vor Ort", "LS", 180, "labour"), ("Einlegeboden Birke-Multiplex", "H87", 24, "material"),
        ("Zimmertür weiß, Röhrenspan", "H87", 289, "material"), ("Drückergarnitur Edelstahl", "H87", 46, "material"),
        ("Arbeitsplatte Eiche, 40 mm", "MTR", 210, "material"), ("CNC-Bearbeitung", "HUR", 85, "machine"),
        ("Entsorgung Altmaterial", "LS", 120, "disposal"),
    ]  # fmt: skip
    # a bundled price says what of it is work (R18)
    CatalogueItem.objects.create(
        name="Zimmertür setzen, komplett", unit="H87", unit_price=Decimal(465), purchase_price=Decimal(240),
        cost_kind="material", cost_split={"labour": "176.00", "material": "289.00"},
    )  # fmt: skip
    for name, unit, price, cost in items:
        CatalogueItem.objects.create(
            name=name, unit=unit, unit_price=price, purchase_price=round(price * 55) / Decimal(100), cost_kind=cost
        )


def _contacts(by):
    rows = {
        "brandt": ("consumer", "", "ms", "Sabine", "Brandt", "sabine@brandt-familie.example", "0171 3920011", "Rotdornweg 8", "22397", "Hamburg", ["Privat", "Duvenstedt"]),
        "noll": ("consumer", "", "ms", "Friederike", "Noll", "noll@praxis-noll.example", "040 66969135", "Saseler Chaussee 211", "22393", "Hamburg", ["Privat"]),
        "yildiz": ("consumer", "", "mr", "Tarek", "Yildiz", "familie@yildiz.example", "0171 3920018", "Eulenkrugstraße 57", "22359", "Hamburg", ["Privat", "Volksdorf"]),
        "osterloh": ("consumer", "", "mr", "Martin", "Osterloh", "m.osterloh@post.example", "040 66969166", "Walddörferstraße 99", "22041", "Hamburg", ["Privat"]),
        "jensen": ("consumer", "", "ms", "Wiebke", "Jensen", "wiebke@jensen-hamburg.example", "0171 3920044", "Farmsener Weg 3", "22393", "Hamburg", []),
        "morgenrot": ("business", "Café Morgenrot GmbH", "mr", "Jonas", "Lührs", "jonas@cafe-morgenrot.example", "040 66969180", "Bahrenfelder Straße 130", "22765", "Hamburg", ["Gastronomie"]),
        "elbwinkel": ("business", "Hausverwaltung Elbwinkel KG", "ms", "Petra", "Timm", "timm@elbwinkel.example", "040 66969144", "Große Elbstraße 42", "22767", "Hamburg", ["Hausverwaltung"]),
        "praxis": ("business", "Praxis am Stadtpark", "mr", "Anselm", "Vogt", "praxis@stadtpark.example", "040 66969151", "Jarrestraße 20", "22303", "Hamburg", []),
        "sanders": ("business", "Architekturbüro Sanders", "ms", "Marie", "Sanders", "buero@sanders.example", "040 66969171", "Eppendorfer Weg 8", "20259", "Hamburg", ["Architekten"]),
    }  # fmt: skip
    found = {}
    for key, (kind, company, salutation, first, last, email, phone, street, postcode, city, words) in rows.items():
        with days_ago(120 - 7 * len(found)):
            found[key] = customers.create(
                by=by, kind=kind, company_name=company, salutation=salutation, first_name=first, last_name=last, email=email,
                phone=phone, street=street, postcode=postcode, city=city, tags=words,
            )  # fmt: skip
    return found


def _brandt(customer, by):
    with days_ago(16, "10:48"):
        note = notes.add(
            customer, by=by, is_from_site=True, files=[upload("aufmass.webp")],
            text="Flur 2,94 m breit, Höhe links 2,51 / rechts 2,50. Decke fällt leicht. Kabel für LED liegt schon in der "
            "Nische. Frau B. schwankt zwischen Eiche und Salbei.",
        )  # fmt: skip
        for attachment in note.attachments.all():
            attachments.make_preview(attachment.pk)
            comments.on_file(
                attachment, "Hier kommt das Kabel für die LED heraus.", by=by, x=Decimal("0.3"), y=Decimal("0.4")
            )
        tags.add_to_entry(timeline.of(customer)[0], ["Aufmaß"])
    with days_ago(13, "09:05"):
        notes.add_call(
            customer, by=by, direction="in", phone=customer.phone,
            text="Fragt, ob der Schrank bis Weihnachten stehen kann. Wenn sie diese Woche zusagt, ja.",
        )  # fmt: skip
    with days_ago(12, "17:31"):
        quote = quotes.create(
            customer, by=by, title="Einbauschrank und Garderobe im Flur", lines=cupboard(customer, by),
            intro="Guten Tag Frau Brandt,\nhier ist Ihr Flurschrank in drei Ausführungen. Tippen Sie an, was Ihnen gefällt – "
            "der Preis rechnet mit.",
            payment_terms="30 % bei Auftrag, Rest nach Abnahme",
        )  # fmt: skip
        link = quotes.send(quote, by=by, to=customer.email)
    for day, moment in ((9, "19:40"), (5, "21:02"), (0, "07:12")):
        with days_ago(day, moment):
            access.mark_seen(link)
            link.refresh_from_db()
    with days_ago(0, "07:15"):
        messages.ask(link, "Können die Griffe auch in Messing sein?", author_name="Sabine Brandt")


def _open_quotes(contacts, jana, lotte):
    with days_ago(7, "09:20"):
        counter = quotes.create(
            contacts["morgenrot"], by=jana, title="Tresen mit Rückbuffet", payment_terms="14 Tage netto",
            lines=[
                section("Tresen"),
                line("Tresenkorpus, 4,20 m", 1, "LS", 6400),
                line("Arbeitsplatte Eiche, 40 mm", "4.2", "MTR", 210, alternative_set="Arbeitsplatte", is_default=True),
                line("Arbeitsplatte Linoleum, Kante massiv", "4.2", "MTR", 165, alternative_set="Arbeitsplatte"),
                line("Arbeitsplatte Edelstahl", "4.2", "MTR", 390, alternative_set="Arbeitsplatte"),
                section("Rückbuffet"),
                line("Regalwand mit Flaschenborden", 1, "LS", 3900),
                line("Beleuchtung der Borde", 1, "LS", 680, is_optional=True),
                section("Montage"),
                line("Montage durch zwei Personen", 32, "HUR", 62, cost="labour"),
            ],
        )  # fmt: skip
        link = quotes.send(counter, by=jana, to=contacts["morgenrot"].email)
    with days_ago(1, "16:40"):
        access.mark_seen(link)
    # two more open ones, so that every way through the customer's page can be walked afresh
    with days_ago(4):
        table = quotes.create(
            contacts["jensen"], by=lotte, title="Esstisch mit Auszug", mode="gross", lines=[
                line("Esstisch Eiche massiv, 180 × 90 cm", 1, "H87", "1890.00", alternative_set="Holz", is_default=True),
                line("Esstisch Kirsche massiv, 180 × 90 cm", 1, "H87", "2140.00", alternative_set="Holz"),
                line("Zwei Ansteckplatten", 2, "H87", "149.50", is_optional=True),
                line("Lieferung und Aufbau", 1, "LS", "89.00", cost="labour"),
            ],
        )  # fmt: skip
        quotes.send(table, by=lotte, to=contacts["jensen"].email)
    # this one quote asks for the postcode
    Business.objects.filter(slug=people.HASELBACH).update(asks_postcode=True)
    with days_ago(9):
        wall = quotes.create(
            contacts["noll"], by=jana, title="Bücherwand mit Leiter", lines=[
                section("Bücherwand"),
                line("Regalwand raumhoch, Eiche furniert", "5.6", "MTR", 980),
                line("Rollleiter mit Messingschiene", 1, "H87", 740, alternative_set="Leiter", is_default=True),
                line("Einhängeleiter", 1, "H87", 290, alternative_set="Leiter"),
                line("Montage", 24, "HUR", 62, cost="labour"),
                line("Beleuchtung im Kranz", 1, "LS", 420, is_optional=True),
            ],
        )  # fmt: skip
        quotes.send(wall, by=jana, to=contacts["noll"].email)
    Business.objects.filter(slug=people.HASELBACH).update(asks_postcode=False)
    with days_ago(2):
        quotes.create(
            contacts["sanders"], by=lotte, title="Empfangstheke Büro Sanders",
            lines=[line("Empfangstheke nach Entwurf", 1, "LS", 4200), line("Montage", 10, "HUR", 62, cost="labour")],
        )  # fmt: skip
    with days_ago(95):
        doors = quotes.create(
            contacts["sanders"], by=jana, title="Schiebetüren Besprechungsraum",
            valid_until=timezone.localdate() + timedelta(days=20),
            lines=[line("Schiebetürenanlage, zwei Flügel", 1, "LS", 2980), line("Montage", 8, "HUR", 62, cost="labour")],
        )  # fmt: skip
        quotes.send(doors, by=jana, to=contacts["sanders"].email)
    quotes.expire(doors)


def _running_orders(contacts, jana, emre):
    with days_ago(40):
        quote = quotes.create(
            contacts["yildiz"], by=jana, title="Küchenfronten und Arbeitsplatte", lines=[
                line("Fronten Eiche furniert", 11, "H87", 148, alternative_set="Fronten", is_default=True),
                line("Fronten lackiert", 11, "H87", 132, alternative_set="Fronten"),
                line("Arbeitsplatte Eiche, 40 mm", "3.6", "MTR", 210),
                line("Montage", 14, "HUR", 62, cost="labour"),
                line("Entsorgung der alten Fronten", 1, "LS", 120, cost="disposal", is_optional=True),
            ],
        )  # fmt: skip
        quotes.send(quote, by=jana, to=contacts["yildiz"].email)
    with days_ago(36, "20:11"):
        order = accept(quote, name="Tarek Yildiz", email=contacts["yildiz"].email, taken={"wahl-5": "1"})
    with days_ago(30):
        orders.move(
            order,
            Order.State.SCHEDULED,
            by=jana,
            planned_on=timezone.localdate() + timedelta(days=34),
            note="Wir kommen mit zwei Personen.",
        )
        order_news.deliver(order)
    with days_ago(3):
        orders.move(order, Order.State.STARTED, by=jana, note="Die alten Fronten sind ausgebaut.")
        order_news.deliver(order)
        shot = attachments.add(contacts["yildiz"], upload("werkstatt.webp"), by=emre, is_shared=True)
        attachments.make_preview(shot.pk)
    Order.objects.filter(pk=order.pk).update(assignee=emre)
    with days_ago(20):
        quote = quotes.create(
            contacts["elbwinkel"], by=jana, title="Treppengeländer Treppenhaus 3", lines=[
                line("Handlauf Esche, lackiert", 14, "MTR", 96), line("Geländerstäbe ersetzen", 22, "H87", 38),
                line("Montage", 18, "HUR", 62, cost="labour"),
            ],
        )  # fmt: skip
        quotes.send(quote, by=jana, to=contacts["elbwinkel"].email)
    with days_ago(15):
        order = accept(quote, name="Petra Timm", email=contacts["elbwinkel"].email)
    with days_ago(14):
        orders.move(order, Order.State.SCHEDULED, by=jana, planned_on=timezone.localdate() + timedelta(days=14))
        order_news.deliver(order)
    Order.objects.filter(pk=order.pk).update(assignee=emre)


def _finished(contacts, jana, lotte):
    with days_ago(75):
        quote = quotes.create(
            contacts["osterloh"], by=jana, title="Zimmertüren im Obergeschoss", lines=[
                section("Türen"), line("Zimmertür weiß, Röhrenspan", 5, "H87", 289), line("Drückergarnitur Edelstahl", 5, "H87", 46),
                section("Einbau"), line("Einbau mit Zargen", 14, "HUR", 62, cost="labour"), line("Anfahrt", 2, "LS", 45, cost="travel"),
            ],
        )  # fmt: skip
        quotes.send(quote, by=jana, to=contacts["osterloh"].email)
    with days_ago(70):
        order = accept(quote, name="Martin Osterloh", email=contacts["osterloh"].email)
    with days_ago(28):
        finish(order, jana)
    with days_ago(26):
        bill(order, lotte, contacts["osterloh"].email)  # overdue by now
    with days_ago(24):
        requests.plan(order)
        link = requests.send(order.feedback_request)
    with days_ago(90):
        quote = quotes.create(
            contacts["praxis"], by=jana, title="Garderobe und Bank im Wartezimmer", discount_percent=Decimal(3), lines=[
                line("Garderobenpaneel Eiche", 2, "H87", 640), line("Sitzbank mit Polster", 1, "H87", 980),
                line("Montage", 6, "HUR", 62, cost="labour"),
            ],
        )  # fmt: skip
        quotes.send(quote, by=jana, to=contacts["praxis"].email)
    with days_ago(88):
        order = accept(quote, name="Anselm Vogt", email=contacts["praxis"].email)
    with days_ago(60):
        finish(order, jana)
    with days_ago(58):
        invoice = bill(order, lotte, contacts["praxis"].email)
    with days_ago(47):
        payments.record(invoice, amount=invoice.gross, received_on=timezone.localdate(), by=lotte)
    with days_ago(45):
        requests.plan(order)
        requests.send(order.feedback_request)
        requests.answer(
            order.feedback_request,
            punctuality=5,
            quality=5,
            communication=4,
            recommendation=9,
            comment="Pünktlich, freundlich, alles gesaugt. Nur der Rückruf hat gedauert.",
            may_publish=True,
        )
    with days_ago(30):
        quote = quotes.create(
            contacts["brandt"], by=jana, title="Fensterbank Küche", lines=[
                line("Fensterbank Eiche massiv", "1.8", "MTR", 140), line("Einbau", 3, "HUR", 62, cost="labour"),
            ],
        )  # fmt: skip
        quotes.send(quote, by=jana, to=contacts["brandt"].email)
    with days_ago(28):
        order = accept(quote, name="Sabine Brandt", email=contacts["brandt"].email)
    with days_ago(6):
        finish(order, jana, note="Danke für den Kaffee.")
    with days_ago(5):
        invoice = bill(order, lotte, contacts["brandt"].email)  # open
    with days_ago(2):
        payments.record(invoice, amount=Decimal("200.00"), received_on=timezone.localdate(), by=lotte)
    with days_ago(1):
        requests.plan(order)
        requests.send(order.feedback_request)
    with days_ago(65):
        wrong = invoices.create(
            contacts["elbwinkel"], by=lotte, title="Reparatur Haustür", service_from=timezone.localdate(),
            lines=[{key: value for key, value in line("Türschließer ersetzt, Tür eingestellt", 2, "HUR", 62, cost="labour").items() if key != "purchase_price"}],
        )  # fmt: skip
        invoices.issue(wrong, by=lotte, send_to=contacts["elbwinkel"].email)
        invoices.deliver(wrong)
    with days_ago(64):
        invoices.deliver(
            invoices.cancel(wrong, by=lotte, reason="Falscher Rechnungsempfänger", send_to=contacts["elbwinkel"].email)
        )
    return link


def _today(contacts, jana, lotte, emre):
    todos.add(
        "Architekturbüro Sanders zurückrufen",
        by=jana,
        customer=contacts["sanders"],
        due_on=timezone.localdate() - timedelta(days=2),
        assignee=lotte,
    )
    todos.add(
        "Lackmuster Salbei an Brandt schicken",
        by=jana,
        customer=contacts["brandt"],
        due_on=timezone.localdate(),
        assignee=jana,
    )
    todos.add(
        "Holz für Treppenhaus 3 bestellen", by=jana, due_on=timezone.localdate() + timedelta(days=3), assignee=jana
    )
    for customer, title, start, end, place, who in (
        (contacts["elbwinkel"], "Montage Geländer", time(8), time(12), "Große Elbstraße 42, Treppenhaus 3", emre),
        (contacts["morgenrot"], "Besichtigung Tresen", time(11, 30), time(12, 30), "Bahrenfelder Straße 130", jana),
        (contacts["yildiz"], "Aufmaß Arbeitsplatte", time(14), time(15, 30), "Eulenkrugstraße 57", emre),
    ):  # fmt: skip
        day = timezone.localdate()
        appointments.add(
            customer, title, by=jana, assignee=who, place=place,
            starts_at=timezone.make_aware(datetime.combine(day, start)), ends_at=timezone.make_aware(datetime.combine(day, end)),
        )  # fmt: skip
    todos.add(
        "Filter der Absauganlage reinigen", by=jana, due_on=timezone.localdate() + timedelta(days=4), assignee=emre,
        every=1, unit="month",
    )  # fmt: skip
    with days_ago(2):
        arrangements.propose(contacts["noll"], "Aufmaß Bücherwand", minutes=90, by=jana, assignee=jana)
        agreed = arrangements.propose(
            contacts["osterloh"], "Zimmertüren nachstellen", minutes=60, by=lotte, assignee=emre
        )
        arrangements.take(agreed, arrangements.free(agreed)[4])
