"""The proof that goods sold free of tax arrived elsewhere (Gelangensbestätigung, §§ 17a, 17b UStDV, R36; export, R37): who is
reminded of a missing one, the form to have signed, and what was noted.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import formats
from accounts.refusals import Refusal
from billing import journal, tax_decisions
from billing.documents import pdf
from billing.journal_events import JournalEvent
from billing.models import ArrivalProof, Invoice
from billing.tax_cases import GOODS, TaxCase
from crm import attachments, due, todos

MISSING = "billing.arrival_missing"  # settings.DUE_HANDLERS: `remind`
AFTER = timedelta(days=14)  # goods are on their way for some days, and the customer has to sign

Kind = ArrivalProof.Kind
OF_CASE = {
    TaxCase.EU_GOODS: (Kind.CONFIRMATION, Kind.ELECTRONIC, Kind.CARRIER),
    TaxCase.EXPORT: (Kind.EXPORT, Kind.CARRIER),
}


def is_asked(invoice: Invoice) -> bool:
    """Whether an invoice stands or falls with a proof: goods without tax, issued, not cancelled."""
    return (
        invoice.tax_case in GOODS
        and invoice.is_demand
        and invoice.kind != Invoice.Kind.PART_PAYMENT
        and invoice.state not in {Invoice.State.DRAFT, Invoice.State.CANCELLED}
        and not invoice.frozen_document.seller.small_business
    )


def latest(invoice: Invoice) -> ArrivalProof | None:
    """The proof that counts."""
    return invoice.arrival_proofs.select_related("attachment", "by__user").first()


def is_missing(invoice: Invoice) -> bool:
    """Whether the proof is still to come; what was written when the invoice was drafted is one as well."""
    return is_asked(invoice) and not tax_decisions.of(invoice).proof and not invoice.arrival_proofs.exists()


def plan(invoice: Invoice) -> None:
    """Have the office reminded of the proof of an issued invoice, once."""
    if is_missing(invoice):
        due.plan(MISSING, invoice, at=due.morning_of(timezone.localdate() + AFTER))


def remind(invoice: Invoice) -> None:
    """Due handler: a task while the proof is missing."""
    if not is_missing(invoice):
        return
    words = {"number": invoice.number, "name": invoice.customer.name[:80]}
    if invoice.tax_case == TaxCase.EU_GOODS:
        text = _(
            "Gelangensbestätigung zu %(number)s von %(name)s anfordern: ohne sie ist die Lieferung nicht steuerfrei"
        )
    else:
        text = _("Ausfuhrnachweis zu %(number)s (%(name)s) ablegen: ohne ihn ist die Ausfuhr nicht steuerfrei")
    text = text % words
    if not todos.waiting_about(invoice, text):
        todos.add(text, by=None, due_on=timezone.localdate(), customer=invoice.customer, about=invoice)


@transaction.atomic
def note(
    invoice: Invoice, *, kind: str, place: str, arrived_in: date, issued_on: date, signed_by: str, by, file=None
) -> ArrivalProof:
    """Keep a proof, perhaps with its file; the task about it is done.

    Raises Refusal for an invoice that needs none, for days that cannot be, and for a file that is not accepted (field "file").
    """
    if not is_asked(invoice):
        raise Refusal(_("Zu diesem Beleg gehört kein Nachweis der Lieferung."))
    if kind not in OF_CASE[TaxCase(invoice.tax_case)]:
        raise Refusal(_("Dieser Nachweis passt nicht zum Steuerfall der Rechnung."), field="kind")
    month, today = arrived_in.replace(day=1), timezone.localdate()
    if month > today or issued_on > today:
        raise Refusal(_("Der Tag liegt in der Zukunft."), field="arrived_in" if month > today else "issued_on")
    if issued_on < month:
        raise Refusal(
            _("Der Nachweis ist ausgestellt, bevor die Ware ankam. Prüfen Sie beide Angaben."), field="issued_on"
        )
    place, signed_by = " ".join(place.split()), " ".join(signed_by.split())
    for name, value in (("place", place), ("signed_by", signed_by)):
        if not value:
            raise Refusal(_("Bitte füllen Sie dieses Feld aus."), field=name)
    kept = None
    if file is not None:
        try:
            kept = attachments.add(invoice.customer, file, by=by)
        except Refusal as refusal:
            raise Refusal(refusal.message, field="file") from refusal
    proof = ArrivalProof.objects.create(
        invoice=invoice, kind=kind, place=place, arrived_in=month, issued_on=issued_on, signed_by=signed_by, attachment=kept,
        by=by,
    )  # fmt: skip
    journal.write(
        JournalEvent.ARRIVAL_PROVED, proof, by=by, invoice=invoice.number, kind=kind, place=place, arrived_in=month,
        issued_on=issued_on, signed_by=signed_by, file=kept.sha256 if kept else "",
    )  # fmt: skip
    for todo in todos.open_about(invoice).filter(by=None):
        todos.finish(todo, by=by)
    return proof


def form_pdf(invoice: Invoice) -> bytes:
    """The Gelangensbestätigung to be signed, with all that § 17b (2) UStDV asks for filled in as far as it is known."""
    document = invoice.frozen_document
    buyer, seller = document.buyer, document.seller
    with override(document.language):
        goods = "\n".join(
            f"{formats.quantity(line.quantity, line.unit)}  {line.text}" for line in document.items if line.quantity > 0
        )
        address = ", ".join(filter(None, [buyer.street, f"{buyer.postcode} {buyer.city}".strip(), buyer.country]))
        blank = "_" * 40
        text = "\n\n".join(
            [
                _(
                    "Hiermit bestätige ich als Abnehmer, dass die folgenden Gegenstände einer innergemeinschaftlichen Lieferung "
                    "in das übrige Gemeinschaftsgebiet gelangt sind:"
                ),
                goods,
                _("Rechnung %(number)s vom %(day)s von %(seller)s") % {
                    "number": invoice.number, "day": formats.day(invoice.issued_on), "seller": seller.official_name,
                },
                _("Abnehmer: %(name)s, %(address)s, USt-IdNr. %(vat_id)s") % {
                    "name": buyer.name, "address": address, "vat_id": buyer.vat_id,
                },
                _("Monat und Jahr der Ankunft: %(blank)s") % {"blank": blank},
                _("Ort und Staat der Ankunft: %(blank)s") % {"blank": blank},
                _("Datum dieser Bestätigung: %(blank)s") % {"blank": blank},
                _("Name in Druckbuchstaben: %(blank)s") % {"blank": blank},
                _("Unterschrift des Abnehmers oder seines Vertreters: %(blank)s") % {"blank": blank},
            ]
        )  # fmt: skip
        title = _("Gelangensbestätigung")
    return pdf.render_text_pdf(
        text, heading=title, subtitle=f"{invoice.number}", author=seller.official_name, day=timezone.localdate(),
        language=document.language, plain=True,
    )  # fmt: skip
