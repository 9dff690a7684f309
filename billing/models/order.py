from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedManager, ScopedModel, ScopedQuerySet
from billing.documents import model as documents
from billing.models import fields
from billing.models.line import DocumentRow
from billing.models.work_kind import Step


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
        State.WITHDRAWN: {State.CANCELLED, State.PLACED},  # on with the rest, after a withdrawal from a part
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
    discount_percent = fields.adjustment(_("Rabatt auf alles %"))  # negative: a surcharge
    gross = fields.euros(_("Gesamt"), default=0, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLACED, editable=False)
    buyer_reference = models.CharField(_("Ihre Bestellnummer"), max_length=80, blank=True)
    site = models.ForeignKey(
        "crm.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Einsatzort")
    )
    work_kind = models.ForeignKey(
        "billing.WorkKind", on_delete=models.PROTECT, null=True, blank=True, related_name="orders",
        verbose_name=_("Art der Arbeit"),
    )  # fmt: skip
    planned_on = models.DateField(_("geplant am"), null=True, blank=True)
    # "on the way": when somebody will be there today
    arrives_from = models.DateTimeField(null=True, editable=False)
    arrives_until = models.DateTimeField(null=True, editable=False)
    assignee = models.ForeignKey(
        "accounts.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wer")
    )
    completed_on = models.DateField(_("fertig am"), null=True, editable=False)
    # whether the customer hears of each new stage; asked with the first one, null until then
    tells_stages = models.BooleanField(null=True, editable=False)
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
    def why_final(self) -> str:
        """Why nothing can be added to the order any more; empty while it can."""
        if self.state in {self.State.CANCELLED, self.State.WITHDRAWN}:
            return str(_("Dieser Auftrag ist storniert oder widerrufen. Bitte schreiben Sie ein neues Angebot."))
        issued = self.invoices.filter(kind__in=["invoice", "final"]).exclude(state__in=["draft", "cancelled"])
        if self.state == self.State.INVOICED or issued.exists():
            sentence = _("Dieser Auftrag ist schon abgerechnet. Was dazukommt, schreiben Sie bitte als neues Angebot.")
            return str(sentence)
        return ""

    @property
    def frozen_document(self) -> documents.Document:
        return documents.from_json(self.document)


class OrderLine(DocumentRow):
    """A row of an order: exactly what the customer chose."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    # The set this row was chosen from; the database allows one row of a set in an order (invariant 5).
    alternative_set = models.CharField(max_length=80, blank=True)
    is_optional = models.BooleanField(default=False)
    # the change order that brought the row; null: ordered at first
    amendment = models.ForeignKey("billing.Quote", on_delete=models.PROTECT, null=True, related_name="+")
    purchase_price = fields.unit_price(_("Einkaufspreis netto"), default=0)  # inside only

    class Meta(DocumentRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["order", "alternative_set"],
                condition=~models.Q(alternative_set="") & models.Q(amendment=None),
                name="one_choice_per_set",
            ),
            models.UniqueConstraint(
                fields=["order", "amendment", "alternative_set"],
                condition=~models.Q(alternative_set="") & models.Q(amendment__isnull=False),
                name="one_choice_per_set_of_a_change",
            ),
        ]


class Milestone(ScopedModel):
    """A step on the way of an order: when it is to be reached, and when it was."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="milestones")
    sort = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(_("Meilenstein"), max_length=60, blank=True)  # empty: the words of its step
    # what brings the order here by itself; empty: ticked by hand
    step = models.CharField(max_length=10, choices=Step.choices, blank=True)
    is_shown = models.BooleanField(_("Kunde sieht das"), default=True)
    planned_on = models.DateField(_("geplant am"), null=True, blank=True)
    reached_at = models.DateTimeField(null=True)
    note = models.CharField(_("Hinweis für den Kunden"), max_length=300, blank=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(ScopedModel.Meta):
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "step"], condition=~models.Q(step=""), name="milestone_once_per_step"
            )
        ]

    def __str__(self):
        return self.label or self.get_step_display()


class OrderPhoto(ScopedModel):
    """A photo of an order that its customer may see, at a milestone or at the order itself."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="photos")
    milestone = models.ForeignKey(Milestone, on_delete=models.SET_NULL, null=True, related_name="photos")
    attachment = models.ForeignKey("crm.Attachment", on_delete=models.PROTECT, related_name="order_photos")
    description = models.CharField(_("Was ist zu sehen?"), max_length=160, blank=True)
    released_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(ScopedModel.Meta):
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["order", "attachment"], name="order_photo_once")]

    def __str__(self):
        return self.description or str(self.attachment)
