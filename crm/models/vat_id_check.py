from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class VatIdCheck(ScopedModel):
    """That a VAT ID was asked about (qualified confirmation, § 18e UStG), when, by whom, and what came back (R35, R36)."""

    class Result(models.TextChoices):
        VALID = "valid", _("gültig")
        INVALID = "invalid", _("ungültig")

    class Match(models.TextChoices):
        """What the office says about a part of name and address."""

        AGREES = "A", _("stimmt überein")
        DIFFERS = "B", _("stimmt nicht überein")
        NOT_ASKED = "C", _("nicht angefragt")
        NOT_TOLD = "D", _("vom Mitgliedstaat nicht mitgeteilt")

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="vat_id_checks")
    vat_id = models.CharField(_("USt-IdNr."), max_length=14)
    result = models.CharField(_("Ergebnis"), max_length=8, choices=Result.choices)
    request_id = models.CharField(_("Vorgangsnummer"), max_length=60, blank=True)
    checked_at = models.DateTimeField(_("geprüft am"))
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    # asked of the office by the program: what was sent, and what it said about each part; empty where a person noted it
    status = models.CharField(max_length=20, blank=True)  # the office's code, as in crm/vat_office.py
    own_vat_id = models.CharField(max_length=14, blank=True)
    asked_name = models.CharField(_("Name"), max_length=200, blank=True)
    asked_street = models.CharField(_("Straße"), max_length=200, blank=True)
    asked_postcode = models.CharField(_("PLZ"), max_length=20, blank=True)
    asked_city = models.CharField(_("Ort"), max_length=120, blank=True)
    name_match = models.CharField(max_length=1, choices=Match.choices, blank=True)
    street_match = models.CharField(max_length=1, choices=Match.choices, blank=True)
    postcode_match = models.CharField(max_length=1, choices=Match.choices, blank=True)
    city_match = models.CharField(max_length=1, choices=Match.choices, blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    frozen = Frozen(follows=("customer",))

    class Meta(ScopedModel.Meta):
        ordering = ["-checked_at", "-pk"]

    def __str__(self):
        return f"{self.vat_id} {self.result}"

    @property
    def parts(self) -> list[tuple[str, str, str, str]]:
        """(what, as sent, the letter, its words) for each part of name and address that was compared."""
        compared = (
            (_("Name"), self.asked_name, self.name_match), (_("Straße"), self.asked_street, self.street_match),
            (_("PLZ"), self.asked_postcode, self.postcode_match), (_("Ort"), self.asked_city, self.city_match),
        )  # fmt: skip
        return [(str(label), sent, letter, str(self.Match(letter).label)) for label, sent, letter in compared if letter]

    @property
    def differs(self) -> bool:
        """Whether a part of name or address is not what is registered: the number may be somebody else's."""
        return any(letter == self.Match.DIFFERS for _label, _sent, letter, _words in self.parts)


class VatIdQuestion(ScopedModel):
    """A question to the office on its way; answered it becomes a VatIdCheck. The row is the job."""

    class State(models.TextChoices):
        OPEN = "open", _("wird gefragt")
        ANSWERED = "answered", _("beantwortet")
        FAILED = "failed", _("ohne Antwort")

    class Reason(models.TextChoices):
        """Why there is no answer."""

        UNREACHABLE = (
            "unreachable",
            _("Das Bundeszentralamt oder der andere Staat antwortet nicht. Versuchen Sie es später."),
        )
        OURS = "ours", _("Ihre eigene USt-IdNr. wird nicht anerkannt. Prüfen Sie sie unter „Steuern“.")
        INCOMPLETE = "incomplete", _("Name oder Ort des Kunden fehlt.")
        IMPOSSIBLE = "impossible", _("Diese USt-IdNr. kann nicht gültig sein, ihre Prüfziffer stimmt nicht.")

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="vat_id_questions")
    vat_id = models.CharField(max_length=14)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state="open"), name="vat_id_question_once_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.vat_id} {self.state}"
