from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel
from billing.models import fields


class Acceptance(ScopedModel):
    """The evidence that a quote was accepted (R87): frozen, hash-chained, one per quote.

    `by` is the member who took down what the customer said elsewhere; empty when the customer accepted on his page.
    """

    class Channel(models.TextChoices):
        PORTAL = "portal", _("auf der Kundenseite")
        PHONE = "phone", _("am Telefon")
        LETTER = "letter", _("per Brief")
        EMAIL = "email", _("per E-Mail")
        ON_SITE = "on_site", _("vor Ort auf dem Tablet")
        PREMISES = "premises", _("im Betrieb")

    quote = models.OneToOneField("billing.Quote", on_delete=models.PROTECT, related_name="acceptance")
    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField()
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.PORTAL)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    proof = models.ForeignKey("crm.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    signature = models.TextField(blank=True)  # drawn: the data of an SVG path in a box of 600 by 200
    gross = fields.euros("gross")
    record = models.TextField()  # canonical JSON with everything that proves it
    record_hash = models.CharField(max_length=64)
    document = models.TextField()  # the quote as chosen: billing.documents.model as JSON
    regime = models.CharField(max_length=20, blank=True)  # which row of the withdrawal matrix (R82)
    withdrawal_until = models.DateField(null=True)  # R83; null: no right of withdrawal
    terms = models.ForeignKey("accounts.TermsVersion", on_delete=models.PROTECT, null=True, related_name="+")
    # the mail with all documents, and what the journal already says about it: that is chained, as this row is frozen
    confirmation = models.ForeignKey("crm.Mail", on_delete=models.PROTECT, null=True, related_name="+")
    confirmation_noted = models.CharField(max_length=8, blank=True)
    pdf = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    frozen = Frozen(free=("pdf", "pdf_sha256", "confirmation", "confirmation_noted"), follows=("customer",))

    class Meta(ScopedModel.Meta):
        ordering = ["-accepted_at"]

    def __str__(self):
        return f"{self.quote} {self.name}"
