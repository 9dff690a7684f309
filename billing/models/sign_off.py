from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class SignOff(ScopedModel):
    """The acceptance of work by the customer (Abnahme, § 640 BGB, R92): a protocol, locked once it is decided.

    A draft is filled in by the business on site; a requested one lies on the customer's page until the customer decides
    or the period set passes (deemed acceptance, § 640 (2) BGB).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        REQUESTED = "requested", _("Abnahme erbeten")
        ACCEPTED = "accepted", _("abgenommen")
        REFUSED = "refused", _("verweigert")
        DEEMED = "deemed", _("gilt als abgenommen")
        RETRACTED = "retracted", _("zurückgezogen")

    STEPS = {
        State.DRAFT: {State.REQUESTED, State.ACCEPTED, State.REFUSED, State.RETRACTED},
        State.REQUESTED: {State.ACCEPTED, State.REFUSED, State.DEEMED, State.RETRACTED},
    }

    class Channel(models.TextChoices):
        ON_SITE = "on_site", _("vor Ort")
        PORTAL = "portal", _("auf der Kundenseite")
        PERIOD = "period", _("durch Ablauf der Frist")

    class Warranty(models.TextChoices):
        """§ 634a BGB; the years are data in billing.warranties."""

        WORK_ON_THING = "thing", _("Reparatur, Wartung oder Herstellung einer Sache")
        BUILDING = "building", _("Bauwerk")
        VOB = "vob", _("Bauwerk nach VOB/B")

    order = models.ForeignKey("billing.Order", on_delete=models.PROTECT, related_name="sign_offs")
    number = models.PositiveSmallIntegerField(default=1)  # within the order
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True, editable=False)
    is_part = models.BooleanField(_("nur ein Teil der Leistung"), default=False)
    scope = models.TextField(_("Was wird abgenommen?"), blank=True)
    place = models.CharField(_("Ort"), max_length=200, blank=True)
    present = models.CharField(_("Wer ist dabei?"), max_length=300, blank=True)
    handed_over = models.TextField(_("Übergeben (Unterlagen, Schlüssel, Zählerstände)"), blank=True)
    warranty = models.CharField(_("Gewährleistung"), max_length=8, choices=Warranty.choices, blank=True)
    warranty_until = models.DateField(null=True, editable=False)
    # § 640 (3), § 341 (3) BGB: asked explicitly, null while nobody answered
    reserves_defects = models.BooleanField(_("Vorbehalt wegen der Mängel"), null=True)
    reserves_penalty = models.BooleanField(_("Vorbehalt einer Vertragsstrafe"), null=True)
    has_penalty = models.BooleanField(_("Eine Vertragsstrafe ist vereinbart"), default=False)
    refusal_reason = models.TextField(_("Warum wird die Abnahme verweigert?"), blank=True)
    requested_at = models.DateTimeField(null=True, editable=False)
    deadline = models.DateField(_("Frist bis"), null=True, editable=False)
    notice = models.TextField(blank=True, editable=False)  # the words about the consequence of silence, as sent
    # the request as a letter, once it was written: the mail takes it along
    letter = models.CharField(max_length=200, blank=True, editable=False)
    letter_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    customer_name = models.CharField(_("Name des Kunden"), max_length=120, blank=True)
    customer_signature = models.TextField(blank=True, editable=False)  # SVG path as in Acceptance; empty: typed
    business_name = models.CharField(_("Name für den Betrieb"), max_length=120, blank=True)
    business_signature = models.TextField(blank=True, editable=False)
    record = models.TextField(blank=True, editable=False)  # canonical JSON of the decided protocol
    record_hash = models.CharField(max_length=64, blank=True, editable=False)
    pdf = models.CharField(max_length=200, blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    frozen = Frozen(when="{old}.decided_at IS NOT NULL", free=("pdf", "pdf_sha256"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("Abnahme")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="sign_off_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "refused", "deemed"]) | Q(decided_at__isnull=False),
                name="sign_off_decided_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["business", "warranty_until"], name="sign_off_by_warranty")]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.select_related("order")

    def __str__(self):
        return _("Abnahme zu %(order)s") % {"order": self.order}

    def get_absolute_url(self):
        return reverse("billing:sign_off", args=[self.pk])

    @property
    def accepted_on(self):
        """The day of the acceptance; of one by silence the last of the period, with which it passed. None for others."""
        if self.state == self.State.DEEMED:
            return self.deadline
        return timezone.localdate(self.decided_at) if self.state == self.State.ACCEPTED else None

    @property
    def is_decided(self):
        return self.decided_at is not None

    @property
    def is_signed_off(self):
        """Whether the work counts as accepted, said or by silence."""
        return self.state in {self.State.ACCEPTED, self.State.DEEMED}


class Defect(ScopedModel):
    """A defect named at a sign-off (Mangel), with the day it is to be mended by."""

    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="defects")
    sort = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("Mangel"), max_length=300)
    mend_by = models.DateField(_("zu beheben bis"), null=True, blank=True)
    photo = models.ForeignKey("crm.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    is_from_customer = models.BooleanField(default=False)
    mended_on = models.DateField(_("behoben am"), null=True, editable=False)
    is_frozen = models.BooleanField(default=False, editable=False)  # with its protocol

    frozen = Frozen(when="{old}.is_frozen", free=("mended_on",))

    class Meta(ScopedModel.Meta):
        ordering = ["sort", "pk"]

    def __str__(self):
        return self.text[:60]

    def get_absolute_url(self):
        return self.sign_off.get_absolute_url()
