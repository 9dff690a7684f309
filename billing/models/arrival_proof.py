from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class ArrivalProof(ScopedModel):
    """That goods sold free of tax left the country: without it the exemption is lost (§§ 17a, 17b UStDV, R36; § 9 UStDV, R37).

    Rows never change; what was noted wrongly is noted anew, the last one counts.
    """

    class Kind(models.TextChoices):
        CONFIRMATION = "confirmation", _("Gelangensbestätigung, unterschrieben")
        ELECTRONIC = "electronic", _("Gelangensbestätigung, elektronisch übermittelt")
        CARRIER = "carrier", _("Frachtbrief, Spediteur- oder Kurierbescheinigung")
        EXPORT = "export", _("Ausgangsvermerk der Ausfuhr")

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="arrival_proofs")
    kind = models.CharField(_("Nachweis"), max_length=12, choices=Kind.choices)
    place = models.CharField(_("Ort der Ankunft"), max_length=120)  # place and country
    arrived_in = models.DateField(_("Monat der Ankunft"))  # its first day: the month is enough (§ 17b (2) UStDV)
    issued_on = models.DateField(_("ausgestellt am"))
    signed_by = models.CharField(_("von wem"), max_length=120)
    attachment = models.ForeignKey("crm.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen()

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.place}"
