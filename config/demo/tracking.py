"""What happens between order and payment at Haselbach: milestones, a delay, parcels, a change order, sign-offs, requests."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Business
from billing import (
    amendments,
    milestones,
    order_news,
    order_photos,
    orders,
    quotes,
    rendering,
    shipments,
    sign_off_records,
    sign_offs,
    tasks,
    work_kinds,
)
from billing.models import Order, SignOff
from config.demo import people
from config.demo.clock import days_ago
from config.demo.files import upload
from config.demo.rows import line
from crm import access, attachments, contact_proposals, messages, work_requests
from crm.models import Attachment, WorkRequest


def shape() -> None:
    """The kinds of work, before there is an order; and a form for strangers."""
    furniture = work_kinds.create_from_template("furniture")
    work_kinds.create_from_template("repair")
    work_kinds.make_default(furniture)
    Business.objects.filter(slug=people.HASELBACH).update(
        takes_requests=True, request_intro="Schreiben Sie uns, was Sie sich wünschen. Fotos vom Raum helfen uns sehr."
    )


def fill(contacts, member) -> None:
    """Everything above, on the orders that are there."""
    kitchen = Order.objects.get(title="Küchenfronten und Arbeitsplatte")
    railing = Order.objects.get(title="Treppengeländer Treppenhaus 3")
    sill = Order.objects.get(title="Fensterbank Küche")
    _kitchen(kitchen, contacts["yildiz"], member)
    with days_ago(2, "15:20"):
        orders.reschedule(
            railing, planned_on=timezone.localdate() + timedelta(days=4), by=member["jana"],
            reason="Die Lackiererei liefert den Handlauf zwei Tage später.",
        )  # fmt: skip
        order_news.deliver(railing)
    _sign_offs(contacts, sill, member)
    _requests(contacts)


def _kitchen(order, customer, member):
    jana, emre = member["jana"], member["emre"]
    way = {str(milestone): milestone for milestone in order.milestones.all()}
    with days_ago(25):
        milestones.tick(way["Aufmaß"], by=emre, tell=False)
    with days_ago(21):
        milestones.tick(way["Material bestellt"], by=jana)
        milestones.describe(way["Material bestellt"], note="Eiche aus dem Sachsenwald.", is_shown=True, by=jana)
        order_news.deliver(order)
    with days_ago(4):
        milestones.tick(way["In der Werkstatt"], by=emre)
        photo = Attachment.objects.get(customer=customer, name="werkstatt.webp")
        order_photos.release(
            order, photo, milestone=way["In der Werkstatt"], description="Ihre Fronten in der Werkstatt", by=emre
        )
        order_news.deliver(order)
    with days_ago(1, "11:30"):
        shipments.add(
            order, carrier="dhl", tracking_number="00340434161094042557", contents="Muffengriffe und Scharniere",
            expected_on=timezone.localdate() + timedelta(days=2), by=jana,
        )  # fmt: skip
        order_news.deliver(order)
        change = amendments.start(order, by=jana)
        quotes.set_lines(change, [
            line("Steckdosenelement in der Arbeitsplatte", 2, "H87", 118),
            line("Ausschnitt und Anschluss vorbereiten", "1.5", "HUR", 62, cost="labour"),
        ])  # fmt: skip
        quotes.send(change, by=jana, to=customer.email)
    link = access.links_to(order).first()
    with days_ago(0, "08:05"):
        access.mark_seen(link)
        asked = messages.ask(
            link, "Passt die Arbeitsplatte so an die Wand?", author_name="Tarek Yildiz", files=[upload("aufmass.webp")]
        )
        attachments.make_preview(asked.attachments.get().pk)


def _sign_offs(contacts, sill, member):
    jana = member["jana"]
    wardrobe = Order.objects.get(title="Garderobe und Bank im Wartezimmer")
    with days_ago(59, "16:00"):
        done = sign_offs.start(wardrobe, by=jana)
        sign_offs.fill(
            done, scope=done.scope, is_part=False, place=done.place, present="Anselm Vogt, Jana Haselbach",
            handed_over="Pflegehinweise für geölte Oberflächen", warranty=SignOff.Warranty.WORK_ON_THING, has_penalty=False,
        )  # fmt: skip
        sign_offs.add_defect(
            done, text="Kratzer an der Bank links", mend_by=timezone.localdate() + timedelta(days=14), by=jana
        )
        done = SignOff.objects.get(pk=done.pk)
        sign_offs.accept(
            done, reserves_defects=True, reserves_penalty=None, customer_name="Anselm Vogt", by=jana,
            channel=SignOff.Channel.ON_SITE, seen=sign_off_records.shown(done),
        )  # fmt: skip
        rendering.sign_off(SignOff.objects.get(pk=done.pk))
        sign_offs.mend(done.defects.get(), by=jana)
    with days_ago(4, "09:00"):
        asked = sign_offs.start(sill, by=jana)
        sign_offs.fill(
            asked, scope=asked.scope, is_part=False, place=asked.place, present=asked.present, handed_over="",
            warranty=SignOff.Warranty.WORK_ON_THING, has_penalty=False,
        )  # fmt: skip
        sign_offs.request(asked, timezone.localdate() + timedelta(days=16), by=jana)
        tasks.ask_for_sign_off(asked.pk)


def _requests(contacts):
    noll, osterloh = contacts["noll"], contacts["osterloh"]
    with days_ago(1, "19:12"):
        work_requests.receive(
            source=WorkRequest.Source.CENTER, customer=noll, name="Friederike Noll", email=noll.email, phone=noll.phone,
            text="Zur Bücherwand hätte ich gern noch eine Leseleuchte und ein Sideboard.", wanted_when="im Frühjahr",
        )  # fmt: skip
    with days_ago(0, "07:48"):
        work_requests.receive(
            source=WorkRequest.Source.WEBSITE, name="Greta Petersen", email="greta@petersen.example", phone="0171 3920077",
            postcode="22391", city="Hamburg", text="Unsere Haustür klemmt seit dem Herbst. Können Sie danach sehen?",
            wanted_when="möglichst bald", photos=[upload("aufmass.webp")],
        )  # fmt: skip
    with days_ago(0, "09:31"):
        contact_proposals.propose(
            osterloh, {"phone": "040 66969167", "street": "Walddörferstraße 101"}, "Wir ziehen um."
        )
        contact_proposals.choose_way(osterloh, "phone", "nach 17 Uhr")
