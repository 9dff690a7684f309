"""Photos of an order that its customer sees. Nothing but a row of OrderPhoto shows a photo on an order's page (AUF4).

"Kunde darf sehen" in the timeline and the release to an order are one thing seen from two sides, kept in step here: who
releases a photo to an order lets the customer see it, who takes it back from the last order does not any more. Shared in
the timeline it is released to the running order where the customer has exactly one; with several nobody could know which,
so somebody says it on the order.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import order_news
from billing.models import Milestone, Order, OrderNews, OrderPhoto
from crm.models import Attachment

LONGEST = 160


@transaction.atomic
def release(
    order: Order, attachment: Attachment, *, milestone: Milestone | None = None, description: str = "", by=None,
    tell: bool = True,
) -> OrderPhoto:  # fmt: skip
    """Show a photo of the order's customer on the order's page, at a milestone or at the order itself.

    `description` says what is to be seen, for those who cannot. Released again, place and words change. The customer is
    told of new photos once, with what else waits. Raises Refusal for what is no photo of this customer or is deleted, and
    for a milestone of another order.
    """
    description = " ".join(description.split())
    is_there = Attachment.objects.present().filter(pk=attachment.pk, customer=order.customer_id).exists()
    if not is_there or not attachment.is_photo:
        raise Refusal(_("Bitte wählen Sie ein Foto dieses Kunden."), field="attachment")
    if milestone is not None and milestone.order_id != order.pk:
        raise Refusal(_("Bitte wählen Sie einen Meilenstein dieses Auftrags."), field="milestone")
    if len(description) > LONGEST:
        raise Refusal(
            _("Die Beschreibung ist zu lang. Bitte kürzen Sie auf höchstens %(n)s Zeichen.") % {"n": LONGEST},
            field="description",
        )
    photo, is_new = OrderPhoto.objects.update_or_create(
        order=order, attachment=attachment, defaults={"milestone": milestone, "description": description},
        create_defaults={"milestone": milestone, "description": description, "by": by},
    )  # fmt: skip
    Attachment.objects.filter(pk=attachment.pk).update(is_shared=True)
    if is_new:
        _changed(order)
        order_news.tell(order, OrderNews.Kind.PHOTOS, by=by, is_silent=not tell)
    return photo


@transaction.atomic
def take_back(photo: OrderPhoto, *, by=None) -> None:
    """Show it there no more; with its last order the customer sees it nowhere."""
    order, attachment_id = photo.order, photo.attachment_id
    OrderPhoto.objects.filter(pk=photo.pk).delete()
    if not OrderPhoto.objects.filter(attachment=attachment_id).exists():
        Attachment.objects.filter(pk=attachment_id).update(is_shared=False)
    _taken_from(order)


@transaction.atomic
def follow_sharing(attachment: Attachment, *, by=None) -> None:
    """Somebody said in the timeline whether the customer may see a file (settings.WHEN_SHARED)."""
    if not attachment.is_photo:
        return
    if attachment.is_shared:
        running = list(Order.objects.running().filter(customer=attachment.customer_id)[:2])
        if len(running) == 1 and not OrderPhoto.objects.filter(attachment=attachment).exists():
            release(running[0], attachment, by=by)
        return
    for photo in OrderPhoto.objects.filter(attachment=attachment).select_related("order"):
        take_back(photo, by=by)


def of(order: Order):
    """The photos the customer sees on this order's page, oldest first."""
    return (
        OrderPhoto.objects.filter(order=order, attachment__in=Attachment.objects.present())
        .select_related("attachment", "milestone")
        .order_by("pk")
    )


def _taken_from(order):
    """If no photo is left of those nobody was told of, there is nothing to tell."""
    _changed(order)
    waits = order_news.waiting(order).filter(kind=OrderNews.Kind.PHOTOS).first()
    if waits and not OrderPhoto.objects.filter(order=order, released_at__gte=waits.created_at).exists():
        order_news.take_back(order, OrderNews.Kind.PHOTOS)


def _changed(order):
    Order.objects.filter(pk=order.pk).update(changed_at=timezone.now())
