from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import formats
from accounts.guards import Frozen
from accounts.scoping import ScopedModel
from billing.models import fields


class DunningLetter(ScopedModel):
    """One letter to one customer about all that is overdue (R69). Sent ones never change."""

    class Level(models.IntegerChoices):
        REMINDER = 0, _("Zahlungserinnerung")
        FIRST = 1, _("Mahnung")
        LAST = 2, _("Letzte Mahnung")
        HANDOVER = 3, _("Übergabe an Anwalt oder Mahngericht")

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="dunning_letters")
    level = models.PositiveSmallIntegerField(_("Stufe"), choices=Level.choices)
    issued_on = models.DateField(_("vom"))
    pay_until = models.DateField(_("zahlbar bis"))
    total = fields.euros(_("Gesamt"))  # principal, interest, lump sums and costs
    content = models.TextField()  # canonical JSON of what the letter says, in billing/dunning_letters.py
    content_hash = models.CharField(max_length=64)
    pdf = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    send_to = models.EmailField(blank=True)
    sent_at = models.DateTimeField(null=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen(free=("pdf", "pdf_sha256", "sent_at"), follows=("customer",))

    class Meta(ScopedModel.Meta):
        verbose_name = _("Mahnschreiben")
        indexes = [models.Index(fields=["business", "-created_at", "-id"], name="dunning_newest_first")]

    def __str__(self):
        return f"{self.get_level_display()} {formats.day_short(self.issued_on)}"

    def get_absolute_url(self):
        return reverse("billing:dunning_letter", args=[self.pk])


class DunningItem(ScopedModel):
    """What a letter asks for one invoice: amounts in euros as of the letter's day."""

    letter = models.ForeignKey(DunningLetter, on_delete=models.PROTECT, related_name="items")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="dunning_items")
    principal = fields.euros(_("Hauptforderung"))
    interest = fields.euros(_("Verzugszinsen"), default=0)  # § 288 (1), (2) BGB
    lump_sum = fields.euros(_("Pauschale"), default=0)  # § 288 (5) BGB, only without consumers
    # print and postage, and what collection costs beyond the lump sum; below zero where that was credited for another invoice
    costs = fields.euros(_("Mahnkosten"), default=0)
    collection = fields.euros(_("Kosten der Rechtsverfolgung"), default=0)
    credited = fields.euros(_("angerechnete Pauschale"), default=0)  # § 288 (5) S. 3 BGB

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["letter", "invoice"], name="dunning_item_once"),
            # once per claim, whatever is reminded of later (R67)
            models.UniqueConstraint(fields=["invoice"], condition=Q(lump_sum__gt=0), name="dunning_lump_sum_once"),
        ]

    def __str__(self):
        return f"{self.letter} {self.invoice}"


class Instalment(ScopedModel):
    """A day and an amount of a payment plan that was agreed for an invoice; while it is kept, nobody is reminded."""

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="instalments")
    due_on = models.DateField(_("fällig am"))
    amount = fields.euros(_("Betrag"))

    class Meta(ScopedModel.Meta):
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "due_on"], name="instalment_once_a_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_has_an_amount"),
        ]

    def __str__(self):
        return f"{self.due_on} {self.amount}"
