"""Letters and protocols of sign-offs: rendered once, stored, mailed. Run by the worker; every function may run twice."""

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import formats
from billing import drafting, orders, rendering, sign_offs
from billing.documents.model import Document, Kind
from billing.models import SignOff
from crm import access, mail


@transaction.atomic
def ask(sign_off: SignOff) -> None:
    """Render the letter and mail it with the link (§ 640 (2) BGB: request and notice in one, in text form). The empty file
    name is the job: storing the letter and writing the mail are one transaction.
    """
    sign_off = _locked(sign_off)
    if sign_off.letter or sign_off.state != SignOff.State.REQUESTED:
        return
    order = sign_off.order
    language = order.customer.language
    with translation.override(language):
        rendering.sign_off_letter(sign_off, _head(order), letter(sign_off))
        name = (
            f"{_('Aufforderung zur Abnahme')} {order.number}.pdf"
            if sign_off.deadline
            else f"{_('Bitte um Abnahme')}.pdf"
        )
    to = sign_offs.address(order)
    mail.queue(
        "billing/mail/sign_off_requested", to=to, customer=order.customer, link=link_for(order, to), about=sign_off,
        language=language, order=order, sign_off=sign_off,
        attachments=[(name, "application/pdf", sign_off.letter, sign_off.letter_sha256)],
    )  # fmt: skip


@transaction.atomic
def close(sign_off: SignOff) -> None:
    """Render the protocol and mail it to both sides, once."""
    sign_off = _locked(sign_off)
    if sign_off.pdf or not sign_off.is_decided or not sign_off.record:
        return
    rendering.sign_off(sign_off)
    order, business = sign_off.order, sign_off.business
    language = order.customer.language
    shared = {"about": sign_off, "order": order, "sign_off": sign_off, "defects": list(sign_off.defects.all())}
    if to := sign_offs.address(order):
        mail.queue(
            "billing/mail/sign_off_decided", to=to, customer=order.customer, link=link_for(order, to), language=language,
            attachments=[_file(sign_off, language)], **shared,
        )  # fmt: skip
    if business.email:
        mail.queue(
            "billing/mail/sign_off_notice", to=business.email, contact=order.customer,
            attachments=[_file(sign_off, "de")], **shared,
        )  # fmt: skip


def letter(sign_off: SignOff) -> dict:
    """The words of the letter, in the active language."""
    order = sign_off.order
    title = _("Aufforderung zur Abnahme") if sign_off.deadline else _("Bitte um Abnahme")
    paragraphs = [
        f"{order.customer.greeting},",
        _("unsere Leistung aus dem Auftrag „%(title)s“ (%(number)s) ist fertig. Bitte sehen Sie sie an und nehmen Sie sie ab.")
        % {"title": order.title, "number": order.number}
        if not sign_off.is_part
        else _("ein Teil unserer Leistung aus dem Auftrag „%(title)s“ (%(number)s) ist fertig. Bitte sehen Sie ihn an und "
               "nehmen Sie ihn ab.") % {"title": order.title, "number": order.number},
    ]  # fmt: skip
    if sign_off.deadline:
        paragraphs.append(
            _("Wir setzen Ihnen dafür eine Frist bis zum %(day)s.") % {"day": formats.day(sign_off.deadline)}
        )
    paragraphs.append(
        _("Am einfachsten geht es über den Link in unserer E-Mail. Dort erklären Sie die Abnahme, nennen Mängel oder "
          "verweigern die Abnahme mit Angabe des Grundes. Sie können uns auch schreiben oder einen Termin vereinbaren.")
    )  # fmt: skip
    parts = [(_("Was abgenommen wird"), sign_off.scope)]
    if defects := [f"{n}. {defect.text}" for n, defect in enumerate(sign_off.defects.all(), 1)]:
        parts.append((_("Bereits bekannte Mängel"), "\n".join(defects)))
    return {
        "title": title, "reference": f"{order.title} ({order.number})", "paragraphs": paragraphs, "parts": parts,
        "notice": sign_off.notice, "regards": sign_off.business_name, "day": timezone.localdate(sign_off.requested_at),
    }  # fmt: skip


def link_for(order, to):
    """The customer's link to his order; a new one where none is open."""
    found = next((link for link in access.links_to(order) if link.is_open and link.sent_to), None)
    return found or orders.mint_link(order, to=to)


def _head(order) -> Document:
    """Who writes to whom, as of today."""
    return Document(
        kind=Kind.ORDER_CONFIRMATION,
        seller=drafting.seller(order.business, on=timezone.localdate()),
        buyer=drafting.buyer(order.customer),
        number=order.number,
        language=order.customer.language,
    )


def _file(sign_off, language):
    with translation.override(language):
        name = f"{_('Abnahmeprotokoll')} {sign_off.order.number}.pdf"
    return name, "application/pdf", sign_off.pdf, sign_off.pdf_sha256


def _locked(sign_off) -> SignOff:
    return (
        SignOff.objects.select_for_update(of=("self",))
        .select_related("business", "order__customer", "order__business")
        .get(pk=sign_off.pk)
    )
