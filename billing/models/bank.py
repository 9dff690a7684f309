from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel
from billing.models import fields


class BankStatement(ScopedModel):
    """A file of the bank, as it was handed over (camt.053, MT940 or CSV). The same bytes come in once."""

    class Format(models.TextChoices):
        CAMT = "camt", "camt.053"
        MT940 = "mt940", "MT940"
        CSV = "csv", "CSV"

    name = models.CharField(_("Datei"), max_length=200)
    format = models.CharField(_("Format"), max_length=6, choices=Format.choices)
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=200, blank=True)  # stored once, in the tenth year still (§ 147 AO)
    entry_count = models.PositiveIntegerField(_("Buchungen"), default=0)  # those of earlier files included
    matched_at = models.DateTimeField(null=True)  # None: exact matches are still being booked
    iban = models.CharField(_("Konto"), max_length=34, blank=True)
    first_on = models.DateField(_("von"), null=True)
    last_on = models.DateField(_("bis"), null=True)
    opening = fields.euros(_("Anfangssaldo"), null=True)
    closing = fields.euros(_("Endsaldo"), null=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen(free=("matched_at",))

    class Meta(ScopedModel.Meta):
        verbose_name = _("Kontoauszug")
        constraints = [models.UniqueConstraint(fields=["business", "sha256"], name="bank_statement_once")]
        indexes = [models.Index(fields=["business", "-created_at", "-id"], name="bank_statement_newest_first")]

    def __str__(self):
        return self.name


class BankEntry(ScopedModel):
    """One booking on the bank account. What the bank said never changes; only what we made of it does."""

    class State(models.TextChoices):
        OPEN = "open", _("offen")
        BOOKED = "booked", _("verbucht")
        IGNORED = "ignored", _("nicht von Kunden")

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="entries")
    booked_on = models.DateField(_("gebucht am"))
    amount = fields.euros(_("Betrag"))  # negative: money that left
    party = models.CharField(_("Auftraggeber"), max_length=140, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    purpose = models.CharField(_("Verwendungszweck"), max_length=500, blank=True)
    reference = models.CharField(_("Referenz"), max_length=70, blank=True)  # end-to-end id or RF creditor reference
    # day, amount, party, purpose and the bank's own id, hashed: statements overlap, entries may not
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)

    frozen = Frozen(free=("state",))

    class Meta(ScopedModel.Meta):
        verbose_name = _("Kontobuchung")
        constraints = [models.UniqueConstraint(fields=["business", "fingerprint"], name="bank_entry_once")]
        indexes = [
            models.Index(fields=["business", "-booked_on", "-id"], name="bank_entry_newest_first"),
            models.Index(fields=["business", "-booked_on"], condition=Q(state="open"), name="bank_entry_open"),
        ]

    def __str__(self):
        return f"{self.booked_on} {self.amount} {self.party}"
