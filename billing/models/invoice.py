from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedManager, ScopedModel, ScopedQuerySet
from billing.documents import model as documents
from billing.models import fields
from billing.models.line import DocumentRow

# What an invoice adds to what was asked for: of a part payment in a final invoice only what was paid, the rest is in there.
ASKED = models.Case(models.When(state="replaced", then=models.F("paid")), default=models.F("gross"))


class InvoiceQuerySet(ScopedQuerySet):
    """Named selections of invoices."""

    def open(self):
        return self.filter(state=Invoice.State.OPEN)

    def overdue(self, *, on):
        """Open and past their due date, worst first."""
        return self.open().filter(due_on__lt=on, gross__gt=models.F("paid")).order_by("due_on", "pk")


class Invoice(ScopedModel):
    """Everything that is an invoice by law and draws its number from one series (R7). Issued ones are frozen in the
    database (GoBD). What each kind means for tax is said in docs/invoices.md (R39a).
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Rechnung")
        PART_PAYMENT = "part_payment", _("Abschlagsrechnung")
        PARTIAL = "partial", _("Teilrechnung")
        FINAL = "final", _("Schlussrechnung")
        CANCELLATION = "cancellation", _("Stornorechnung")
        CORRECTION = "correction", _("Rechnungskorrektur")
        REDUCTION = "reduction", _("Preisnachlass")

    # what asks for money; the others correct or take back
    DEMANDS = (Kind.INVOICE, Kind.PART_PAYMENT, Kind.PARTIAL, Kind.FINAL)

    class State(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        OPEN = "open", _("offen")
        PAID = "paid", _("bezahlt")
        CANCELLED = "cancelled", _("storniert")
        SETTLED = "settled", _("erledigt")  # corrects or takes back: nothing is waited for
        REPLACED = "replaced", _("in der Schlussrechnung")  # a part payment that was not (wholly) paid (R39c)

    STEPS = {
        State.DRAFT: {State.OPEN, State.SETTLED},
        State.OPEN: {State.PAID, State.CANCELLED, State.REPLACED},
        State.PAID: {State.OPEN, State.CANCELLED},
        State.REPLACED: {State.OPEN, State.PAID},
        State.SETTLED: {State.CANCELLED},  # a reduction that is taken back
    }

    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="invoices", verbose_name=_("Kunde")
    )
    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="invoices")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.INVOICE, editable=False)
    cancels = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="cancelled_by", editable=False
    )
    # what a correction or a reduction is about (§ 31 (5) UStDV)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by", editable=False
    )
    number = models.CharField(_("Rechnungsnummer"), max_length=24, null=True, editable=False)  # noqa: DJ001 - drafts have none, and it is unique
    title = models.CharField(_("Betreff"), max_length=160)
    intro = models.TextField(_("Einleitung"), blank=True)
    mode = models.CharField(_("Preise"), max_length=5, choices=fields.PRICE_MODES, default="net")
    discount_percent = fields.adjustment(_("Rabatt auf alles %"))  # negative: a surcharge
    service_from = models.DateField(_("Leistungsdatum"), null=True, blank=True)
    service_until = models.DateField(_("Leistung bis"), null=True, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("Zahlungsziel (Tage)"), default=14)
    buyer_reference = models.CharField(_("Ihre Bestellnummer"), max_length=80, blank=True)
    is_property_work = models.BooleanField(
        _("Arbeit an einem Grundstück oder Gebäude"),
        default=True,
        help_text=_("Privatkunden werden dann auf die Aufbewahrung von zwei Jahren hingewiesen (§ 14b UStG)."),
    )
    is_construction = models.BooleanField(
        _("Bauleistung"),
        default=False,
        help_text=_("Herstellung, Instandsetzung, Änderung oder Beseitigung von Bauwerken (§§ 13b UStG, 48 EStG)."),
    )
    # how it is taxed, and the answers that led there as JSON (R32, R34); see billing/tax_cases.py
    tax_case = models.CharField(_("Steuerfall"), max_length=24, default="domestic")
    tax_decision = models.TextField(blank=True, editable=False)
    skonto_percent = models.DecimalField(
        _("Skonto %"),
        max_digits=4,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(20)],
    )
    skonto_days = models.PositiveSmallIntegerField(_("Skonto bei Zahlung binnen (Tagen)"), default=0)
    # Sicherheitseinbehalt: part of the claim that is due later (R25)
    retention_percent = models.DecimalField(
        _("Sicherheitseinbehalt %"),
        max_digits=4,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(20)],
    )
    retention_until = models.DateField(_("Einbehalt fällig am"), null=True, blank=True)
    # Endrechnung: the structured part states the whole work, the list of part payments goes along (R39d)
    prepaid_as_list = models.BooleanField(
        _("Als Endrechnung mit angehängter Liste der Abschläge"),
        default=False,
        help_text=_("Sonst zieht die E-Rechnung jeden Abschlag als eigene Zeile ab (Restrechnung, empfohlen)."),
    )
    # the period of a standing invoice that this one is for (R49)
    standing = models.ForeignKey(
        "billing.StandingInvoice", on_delete=models.PROTECT, null=True, related_name="invoices", editable=False
    )
    period_from = models.DateField(null=True, editable=False)
    # the rows of the order that a partial invoice is for; what is left is for the last one
    order_rows = models.JSONField(default=list, blank=True, editable=False)
    reason = models.CharField(_("Grund"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    issued_on = models.DateField(_("Rechnungsdatum"), null=True, editable=False)
    issued_at = models.DateTimeField(null=True, editable=False)
    issued_by = models.ForeignKey(
        "accounts.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    due_on = models.DateField(_("fällig am"), null=True, editable=False)
    net = fields.euros(_("Netto"), default=0, editable=False)
    tax = fields.euros(_("MwSt."), default=0, editable=False)
    gross = fields.euros(_("Gesamt"), default=0, editable=False)
    paid = fields.euros(_("bezahlt"), default=0, editable=False)
    paid_on = models.DateField(null=True, editable=False)
    document = models.TextField(blank=True, editable=False)
    document_hash = models.CharField(max_length=64, blank=True, editable=False)
    # Written once by the rendering task, from the document alone.
    pdf = models.CharField(max_length=200, blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    xml = models.CharField(max_length=200, blank=True, editable=False)
    xml_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    send_to = models.EmailField(blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    # why nobody is to be reminded: disputed, agreed otherwise (R69); empty: nothing stands against it
    dunning_stop = models.CharField(_("Nicht mahnen, weil"), max_length=200, blank=True, editable=False)
    # an open item of the books kept before (Saldovortrag): where it comes from. It has the number it had there; its turnover
    # and, where fees are taxed as agreed, its tax were told there.
    taken_over_from = models.CharField(_("übernommen aus"), max_length=80, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = ScopedManager.from_queryset(InvoiceQuerySet)()

    frozen = Frozen(
        when="{old}.state <> 'draft'",
        free=(
            "state",
            "paid",
            "paid_on",
            "pdf",
            "pdf_sha256",
            "xml",
            "xml_sha256",
            "send_to",
            "sent_at",
            "dunning_stop",
            "updated_at",
        ),
        follows=("customer",),
    )

    class Meta(ScopedModel.Meta):
        verbose_name = _("Rechnung")
        constraints = [
            models.UniqueConstraint(fields=["business", "number"], name="invoice_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True)
                | (
                    ~Q(state="draft")
                    & Q(number__isnull=False, issued_on__isnull=False, issued_at__isnull=False, due_on__isnull=False)
                    & ~Q(document="")
                ),
                name="invoice_issued_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(kind="cancellation", cancels__isnull=False) | ~Q(kind="cancellation") & Q(cancels=None),
                name="cancellation_names_its_invoice",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["correction", "reduction"], corrects__isnull=False)
                | ~Q(kind__in=["correction", "reduction"]) & Q(corrects=None),
                name="correction_names_its_invoice",
            ),
            models.UniqueConstraint(
                fields=["standing", "period_from"],
                condition=~Q(state="cancelled"),
                name="standing_invoice_once_a_period",
            ),
        ]
        indexes = [
            models.Index(fields=["business", "-created_at", "-id"], name="invoice_newest_first"),
            models.Index(fields=["business", "state", "due_on"], name="invoice_by_state"),
        ]

    def __str__(self):
        return self.number or str(_("Rechnungsentwurf"))

    def get_absolute_url(self):
        return reverse("billing:invoice_detail", args=[self.pk])

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_taken_over(self):
        """Whether the books before these issued it."""
        return bool(self.taken_over_from)

    @property
    def is_demand(self):
        """Whether it asks for money."""
        return self.kind in self.DEMANDS

    @property
    def open_amount(self) -> Decimal:
        """What is still to pay in euros, a retention included; nothing for what is cancelled or asks for nothing, below
        zero what the customer gets back of a final invoice (R39c).
        """
        return self.gross - self.paid if self.state == self.State.OPEN else Decimal("0.00")

    @property
    def asked(self) -> Decimal:
        """What it adds to what was asked for (see ASKED)."""
        return self.paid if self.state == self.State.REPLACED else self.gross

    @property
    def is_overdue(self):
        return self.open_amount > 0 and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def days_overdue(self):
        return (timezone.localdate() - self.due_on).days if self.due_on and self.is_overdue else 0

    @property
    def frozen_document(self) -> documents.Document:
        """What was issued."""
        return documents.from_json(self.document)


class InvoiceLine(DocumentRow):
    """A row of an invoice. Cancellations have negative quantities."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    quantity = models.DecimalField(_("Menge"), max_digits=12, decimal_places=3, default=1)

    class Meta(DocumentRow.Meta):
        pass
