from typing import ClassVar

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


class QuoteQuerySet(ScopedQuerySet):
    """Named selections of quotes."""

    def open(self):
        """Sent and not decided."""
        return self.filter(state=Quote.State.SENT)


class Quote(ScopedModel):
    """A quote (Angebot). Once sent, `document` holds what the customer sees, frozen."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        SENT = "sent", _("gesendet")
        ACCEPTED = "accepted", _("angenommen")
        DECLINED = "declined", _("abgelehnt")
        EXPIRED = "expired", _("abgelaufen")
        RETRACTED = "retracted", _("zurückgezogen")

    STEPS = {
        State.DRAFT: {State.SENT},
        # ABL2: a declined quote can still be ordered until its last day
        State.SENT: {State.ACCEPTED, State.DECLINED, State.EXPIRED, State.RETRACTED},
        State.DECLINED: {State.ACCEPTED, State.EXPIRED, State.RETRACTED},
    }

    class Reason(models.TextChoices):
        PRICE = "price", _("Der Preis passt nicht")
        DATE = "date", _("Der Termin passt nicht")
        OTHER_FIRM = "other_firm", _("Wir haben uns anders entschieden")
        NOT_NOW = "not_now", _("Das Vorhaben ruht")

    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="quotes", verbose_name=_("Kunde")
    )
    number = models.CharField(_("Angebotsnummer"), max_length=24, null=True, editable=False)  # noqa: DJ001 - drafts have none, and it is unique
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("Titel"), max_length=160)
    intro = models.TextField(_("Einleitung"), blank=True)
    closing = models.TextField(_("Schluss"), blank=True)
    mode = models.CharField(_("Preise"), max_length=5, choices=fields.PRICE_MODES, default="net")
    discount_percent = fields.percent(_("Rabatt auf alles %"))
    valid_until = models.DateField(_("gültig bis"))
    site = models.ForeignKey(
        "crm.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Einsatzort")
    )
    payment_terms = models.CharField(_("Zahlung"), max_length=200, blank=True)
    internal_note = models.TextField(_("Nur intern"), blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    gross = fields.euros(_("Gesamt"), default=0, editable=False)  # of the preselected choices, for lists
    document = models.TextField(blank=True, editable=False)  # billing.documents.model as JSON, from sending on
    document_hash = models.CharField(max_length=64, blank=True, editable=False)
    pdf = models.CharField(max_length=200, blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decline_reason = models.CharField(max_length=12, choices=Reason.choices, blank=True, editable=False)
    decline_comment = models.TextField(blank=True, editable=False)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = ScopedManager.from_queryset(QuoteQuerySet)()

    frozen = Frozen(
        when="{old}.state <> 'draft'",
        free=(
            "state",
            "pdf",
            "pdf_sha256",
            "decided_at",
            "decline_reason",
            "decline_comment",
            "updated_at",
            "internal_note",
        ),
    )

    class Meta(ScopedModel.Meta):
        verbose_name = _("Angebot")
        constraints = [
            models.UniqueConstraint(fields=["business", "number", "version"], name="quote_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(number__isnull=False) & Q(sent_at__isnull=False) & ~Q(document="")),
                name="quote_sent_is_complete",
            ),
        ]
        indexes = [
            models.Index(fields=["business", "-created_at", "-id"], name="quote_newest_first"),
            models.Index(fields=["business", "state", "valid_until"], name="quote_by_state"),
        ]

    def __str__(self):
        return self.number or str(_("Angebotsentwurf"))

    def get_absolute_url(self):
        return reverse("billing:quote_detail", args=[self.pk])

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def has_expired(self):
        """Past 24:00 Europe/Berlin of its last day (R74)."""
        return timezone.localdate() > self.valid_until

    @property
    def can_be_accepted(self):
        return self.state in {self.State.SENT, self.State.DECLINED} and not self.has_expired

    @property
    def frozen_document(self) -> documents.Document:
        """What was sent. Only for quotes that left the draft."""
        return documents.from_json(self.document)


class QuoteLine(DocumentRow):
    """A row of a quote; may be one of a set of alternatives, or optional."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    # Rows with the same words here are alternatives: the customer takes exactly one of them.
    alternative_set = models.CharField(_("Alternative zu"), max_length=80, blank=True)
    is_default = models.BooleanField(_("vorausgewählt"), default=False)
    is_optional = models.BooleanField(_("optional"), default=False)
    purchase_price = fields.unit_price(_("Einkaufspreis netto"), default=0)  # inside only
    picture = models.ForeignKey(
        "crm.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Bild")
    )

    class Meta(DocumentRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(alternative_set="") | Q(is_optional=False), name="line_is_alternative_or_optional"
            ),
            models.UniqueConstraint(
                fields=["quote", "alternative_set"],
                condition=Q(is_default=True) & ~Q(alternative_set=""),
                name="one_default_per_alternative_set",
            ),
        ]

    @property
    def is_counted(self):
        """Whether the row is in the total before the customer chose."""
        return self.is_item and not self.is_optional and (not self.alternative_set or self.is_default)
