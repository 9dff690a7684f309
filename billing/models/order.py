from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedManager, ScopedModel, ScopedQuerySet
from billing.documents import model as documents
from billing.models import fields
from billing.models.line import DocumentRow


class OrderQuerySet(ScopedQuerySet):
    """Named selections of orders."""

    def running(self):
        """Neither finished nor called off."""
        return self.filter(state__in=[Order.State.PLACED, Order.State.SCHEDULED, Order.State.STARTED])


class Order(ScopedModel):
    """Work the customer ordered (Auftrag): the chosen lines of a quote, and how far it is."""

    class State(models.TextChoices):
        PLACED = "placed", _("Beauftragt")
        SCHEDULED = "scheduled", _("Termin steht")
        STARTED = "started", _("In Arbeit")
        COMPLETED = "completed", _("Fertig")
        INVOICED = "invoiced", _("Abgerechnet")
        CANCELLED = "cancelled", _("Storniert")
        WITHDRAWN = "withdrawn", _("Widerruf eingegangen")

    STEPS = {
        State.PLACED: {State.SCHEDULED, State.STARTED, State.COMPLETED, State.CANCELLED, State.WITHDRAWN},
        State.SCHEDULED: {State.STARTED, State.COMPLETED, State.CANCELLED, State.WITHDRAWN},
        State.STARTED: {State.COMPLETED, State.CANCELLED, State.WITHDRAWN},
        State.COMPLETED: {State.INVOICED, State.WITHDRAWN},
        State.INVOICED: {State.COMPLETED, State.WITHDRAWN},  # back when its invoice is cancelled
        State.WITHDRAWN: {State.CANCELLED},
    }
    # The way the customer follows, in order.
    WAY = (State.PLACED, State.SCHEDULED, State.STARTED, State.COMPLETED, State.INVOICED)

    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="orders", verbose_name=_("Kunde")
    )
    quote = models.OneToOneField("billing.Quote", on_delete=models.PROTECT, null=True, related_name="order")
    number = models.CharField(_("Auftragsnummer"), max_length=24, editable=False)
    title = models.CharField(_("Titel"), max_length=160)
    mode = models.CharField(_("Preise"), max_length=5, choices=fields.PRICE_MODES, default="net")
    discount_percent = fields.percent(_("Rabatt auf alles %"))
    gross = fields.euros(_("Gesamt"), default=0, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLACED, editable=False)
    buyer_reference = models.CharField(_("Ihre Bestellnummer"), max_length=80, blank=True)
    site = models.ForeignKey(
        "crm.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Einsatzort")
    )
    planned_on = models.DateField(_("geplant am"), null=True, blank=True)
    assignee = models.ForeignKey(
        "accounts.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wer")
    )
    completed_on = models.DateField(_("fertig am"), null=True, editable=False)
    document = models.TextField(blank=True, editable=False)  # order confirmation: billing.documents.model as JSON
    pdf = models.CharField(max_length=200, blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    placed_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)  # shown to the customer (AUF2)

    objects: ClassVar = ScopedManager.from_queryset(OrderQuerySet)()

    class Meta(ScopedModel.Meta):
        verbose_name = _("Auftrag")
        constraints = [models.UniqueConstraint(fields=["business", "number"], name="order_number_once")]
        indexes = [
            models.Index(fields=["business", "-placed_at", "-id"], name="order_newest_first"),
            models.Index(fields=["business", "state", "planned_on"], name="order_by_state"),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("billing:order_detail", args=[self.pk])

    @property
    def frozen_document(self) -> documents.Document:
        return documents.from_json(self.document)


class OrderLine(DocumentRow):
    """A row of an order: exactly what the customer chose."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    # The set this row was chosen from; the database allows one row of a set in an order (invariant 5).
    alternative_set = models.CharField(max_length=80, blank=True)
    is_optional = models.BooleanField(default=False)

    class Meta(DocumentRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["order", "alternative_set"], condition=~models.Q(alternative_set=""), name="one_choice_per_set"
            )
        ]


class Milestone(ScopedModel):
    """When an order is to reach a state, and when it did."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="milestones")
    state = models.CharField(max_length=10, choices=Order.State.choices)
    planned_on = models.DateField(_("geplant am"), null=True, blank=True)
    reached_at = models.DateTimeField(null=True)
    note = models.CharField(_("Hinweis für den Kunden"), max_length=300, blank=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(ScopedModel.Meta):
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["order", "state"], name="milestone_once_per_state")]

    def __str__(self):
        return self.get_state_display()
