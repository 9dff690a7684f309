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

    def of_number(self, number):
        """All versions that were sent under a number, oldest first."""
        return self.exclude(state=Quote.State.DRAFT).filter(number=number).order_by("version")

    def current(self):
        """Without those that a later version has taken the place of."""
        return self.exclude(state=Quote.State.REPLACED)


class Quote(ScopedModel):
    """A quote (Angebot). Once sent, `document` holds what the customer sees, frozen."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        SENT = "sent", _("gesendet")
        ACCEPTED = "accepted", _("angenommen")
        DECLINED = "declined", _("abgelehnt")
        EXPIRED = "expired", _("abgelaufen")
        RETRACTED = "retracted", _("zurückgezogen")
        REPLACED = "replaced", _("ersetzt")

    STEPS = {
        State.DRAFT: {State.SENT},
        # ABL2: a declined quote can still be ordered until its last day
        State.SENT: {State.ACCEPTED, State.DECLINED, State.EXPIRED, State.RETRACTED, State.REPLACED},
        State.DECLINED: {State.SENT, State.ACCEPTED, State.EXPIRED, State.RETRACTED, State.REPLACED},
        # a later version takes the place of whatever was not accepted; a letter that came in time may be read too late
        State.EXPIRED: {State.ACCEPTED, State.REPLACED},
        State.RETRACTED: {State.REPLACED},
    }

    class Kind(models.TextChoices):
        OFFER = "offer", _("Angebot")
        ESTIMATE = "estimate", _("Kostenvoranschlag")  # §§ 632 (3), 649 BGB (R75)
        CONSTRUCTION = "construction", _("Angebot für einen Verbraucherbauvertrag")  # §§ 650i ff. BGB (R91)

    class Negotiation(models.TextChoices):
        """How the contract was talked about: with the way it is concluded this decides on withdrawal (R82)."""

        UNKNOWN = "", _("noch offen")
        REMOTE = "remote", _("nur aus der Ferne (Telefon, E-Mail, Fotos)")
        VISIT = "visit", _("mit Besuch vor Ort, das Angebot kam später")
        ON_SITE = "on_site", _("beim Kunden vor Ort abgeschlossen")
        URGENT = "urgent", _("Kunde rief zu einer dringenden Reparatur")
        PREMISES = "premises", _("im Betrieb oder Laden")
        GOODS = "goods", _("reine Lieferung nach Maß, ohne Montage")

    class Reason(models.TextChoices):
        PRICE = "price", _("Der Preis passt nicht")
        DATE = "date", _("Der Termin passt nicht")
        OTHER_FIRM = "other_firm", _("Wir haben uns anders entschieden")
        NOT_NOW = "not_now", _("Das Vorhaben ruht")

    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="quotes", verbose_name=_("Kunde")
    )
    number = models.CharField(_("Angebotsnummer"), max_length=24, null=True, editable=False)  # noqa: DJ001 - drafts have none, and it is unique
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    # the version this one takes the place of; versions share the number, which a draft has not yet
    revises = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="revision", editable=False)
    version_note = models.TextField(_("Was ist neu?"), blank=True)  # the customer reads it
    # the order this one changes: a change order (Nachtrag, R93) with an acceptance of its own
    amends = models.ForeignKey(
        "billing.Order", on_delete=models.PROTECT, null=True, related_name="change_orders", editable=False
    )
    # which of the order's change orders it is, 1, 2, …; all versions of one have the same
    amendment_number = models.PositiveSmallIntegerField(null=True, editable=False)
    kind = models.CharField(_("Art"), max_length=12, choices=Kind.choices, default=Kind.OFFER)
    negotiation = models.CharField(
        _("Wie wurde verhandelt?"), max_length=8, choices=Negotiation.choices, blank=True, default=Negotiation.UNKNOWN
    )
    title = models.CharField(_("Titel"), max_length=160)
    intro = models.TextField(_("Einleitung"), blank=True)
    closing = models.TextField(_("Schluss"), blank=True)
    mode = models.CharField(_("Preise"), max_length=5, choices=fields.PRICE_MODES, default="net")
    discount_percent = fields.adjustment(_("Rabatt auf alles %"))  # negative: a surcharge
    valid_until = models.DateField(_("gültig bis"))
    site = models.ForeignKey(
        "crm.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Einsatzort")
    )
    payment_terms = models.CharField(_("Zahlung"), max_length=200, blank=True)
    # how it is taxed, and the answers that led there as JSON; order and invoice follow (R20, R32); see billing/tax_cases.py
    tax_case = models.CharField(_("Steuerfall"), max_length=24, default="domestic")
    tax_decision = models.TextField(blank=True, editable=False)
    internal_note = models.TextField(_("Nur intern"), blank=True)
    # a consumer's construction contract needs both in good time before it is concluded (§ 650j BGB, R91)
    building_description = models.ForeignKey(
        "crm.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Baubeschreibung"),
    )  # fmt: skip
    completion = models.CharField(_("Fertigstellung (Datum oder Dauer)"), max_length=120, blank=True)
    is_follow_up_paused = models.BooleanField(_("Nachfassen ausgesetzt"), default=False, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    gross = fields.euros(_("Gesamt"), default=0, editable=False)  # of the preselected choices, for lists
    net = fields.euros(_("Netto"), default=0, editable=False)  # the same, for figures
    list_net = fields.euros(_("Netto ohne Rabatte"), default=0, editable=False)
    document = models.TextField(blank=True, editable=False)  # billing.documents.model as JSON, from sending on
    document_hash = models.CharField(max_length=64, blank=True, editable=False)
    pdf = models.CharField(max_length=200, blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decline_reason = models.CharField(max_length=12, choices=Reason.choices, blank=True, editable=False)
    decline_comment = models.TextField(blank=True, editable=False)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    changed_by = models.ForeignKey(
        "accounts.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
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
            "is_follow_up_paused",
        ),
        follows=("customer",),
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
            models.Index(fields=["business", "decided_at"], name="quote_by_decision"),
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
    def placed_order(self):
        """The order that was made of the quote, of a change order the one it was added to; None before it is accepted."""
        if self.state != self.State.ACCEPTED:
            return None
        return self.amends if self.amends_id else getattr(self, "order", None)

    @property
    def frozen_document(self) -> documents.Document:
        """What was sent. Only for quotes that left the draft."""
        return documents.from_json(self.document)


class QuoteLine(DocumentRow):
    """A row of a quote; a position or a whole title may be one of a set of alternatives, or optional.

    Rows below a title that can be chosen come and go with it and cannot be chosen themselves.
    """

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    # Rows with the same words here are alternatives: the customer takes exactly one of them.
    alternative_set = models.CharField(_("Alternative zu"), max_length=80, blank=True)
    is_default = models.BooleanField(_("vorausgewählt"), default=False)
    is_optional = models.BooleanField(_("optional"), default=False)
    # Optional rows with the same words here stand together under them; the customer takes any of them.
    option_group = models.CharField(_("Gruppe der Extras"), max_length=80, blank=True)
    # An optional position of which the customer says how many, 0 to this; empty: the quantity is fixed.
    max_quantity = models.PositiveSmallIntegerField(_("Kunde wählt die Menge bis"), null=True, blank=True)
    purchase_price = fields.unit_price(_("Einkaufspreis netto"), default=0)  # inside only
    picture = models.ForeignKey(
        "crm.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Bild")
    )

    class Meta(DocumentRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(alternative_set="") | Q(is_optional=False), name="line_is_alternative_or_optional"
            ),
            models.CheckConstraint(
                condition=Q(is_optional=True) | Q(max_quantity=None, option_group=""),
                name="line_with_free_quantity_is_optional",
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
        return not self.is_optional and (not self.alternative_set or self.is_default)

    @property
    def can_be_chosen(self):
        """Whether the customer decides about the row, or about the title with all below it."""
        return bool(self.is_optional or self.alternative_set)
