from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class Consent(ScopedModel):
    """A line of the ledger of consents (Art. 7 GDPR): asked, given or withdrawn; the newest of a purpose counts.

    Never changed: a withdrawal is a line of its own, as is the click on the link of a double opt-in.
    """

    class Purpose(models.TextChoices):
        MARKETING = "marketing", _("Angebote und Neuigkeiten per E-Mail")
        FEEDBACK = "feedback", _("Fragen nach der Zufriedenheit per E-Mail")
        PHOTOS = "photos", _("Fotos als Referenz zeigen")

    class Step(models.TextChoices):
        ASKED = "asked", _("angefragt, noch nicht bestätigt")
        GIVEN = "given", _("erteilt")
        WITHDRAWN = "withdrawn", _("widerrufen")

    class Source(models.TextChoices):
        PORTAL = "portal", _("auf der Kundenseite")
        CONFIRMED = "confirmed", _("per Bestätigungslink")
        PAPER = "paper", _("auf Papier unterschrieben")
        PHONE = "phone", _("am Telefon")
        TALK = "talk", _("im Gespräch")
        MAIL = "mail", _("per E-Mail")

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("Zweck"), max_length=10, choices=Purpose.choices)
    step = models.CharField(max_length=9, choices=Step.choices)
    wording = models.TextField(_("Wortlaut"))  # as it was shown
    version = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(_("Wie?"), max_length=9, choices=Source.choices)
    email = models.EmailField(_("für die Adresse"), blank=True)
    note = models.CharField(_("Bemerkung"), max_length=200, blank=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    frozen = Frozen(follows=("customer",))

    class Meta(ScopedModel.Meta):
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["customer", "purpose", "-at", "-id"], name="consent_newest")]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.get_step_display()}"


class Suppression(ScopedModel):
    """An address nobody writes to for advertising any more, though it is forgotten: only its keyed hash is kept."""

    address_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["business", "address_hash"], name="suppression_once")]

    def __str__(self):
        return self.address_hash[:8]
