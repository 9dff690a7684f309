from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


class PrivacyRequest(ScopedModel):
    """Somebody wants to know what is stored about them, or to be forgotten (Art. 15 and 17 GDPR), and what became of it.

    It outlives the contact as proof that it was answered, and then names the number of the contact only.
    """

    class Kind(models.TextChoices):
        INFORMATION = "information", _("Auskunft (Art. 15 DSGVO)")
        ERASURE = "erasure", _("Löschung (Art. 17 DSGVO)")

    class Identity(models.TextChoices):
        KNOWN = "known", _("persönlich bekannt")
        ADDRESS = "address", _("Anfrage von der hinterlegten E-Mail-Adresse")
        CALLED = "called", _("Rückruf unter der hinterlegten Nummer")
        PAPERS = "papers", _("Ausweis vorgelegt")

    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.SET_NULL, null=True, related_name="privacy_requests", editable=False
    )
    customer_number = models.PositiveBigIntegerField(editable=False)
    kind = models.CharField(_("Was wird verlangt?"), max_length=11, choices=Kind.choices)
    received_on = models.DateField(_("eingegangen am"))
    identity = models.CharField(_("Wie ist geklärt, wer fragt?"), max_length=7, choices=Identity.choices)
    due_on = models.DateField(_("zu beantworten bis"), editable=False)
    answered_on = models.DateField(_("beantwortet am"), null=True, editable=False)
    todo = models.ForeignKey("crm.Todo", on_delete=models.SET_NULL, null=True, related_name="+", editable=False)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # the ZIP of an information: put together by a task, deleted again
    ready_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    file = models.CharField(max_length=200, blank=True, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    # what an erasure took away and what had to stay: {"erased": [[what, how many]], "kept": [...]}, nothing of a person
    outcome = models.JSONField(default=dict, editable=False)

    class Meta(ScopedModel.Meta):
        ordering = ["-pk"]
        indexes = [models.Index(fields=["business", "answered_on", "due_on"], name="privacy_request_open")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.customer_number}"

    @property
    def is_ready(self):
        """Whether there is a file to hand out."""
        return bool(self.file) and self.expires_at is not None and self.expires_at > timezone.now()


class Restriction(ScopedModel):
    """A contact of whom only what the law demands is left (Art. 18 GDPR, R106), and until when."""

    customer = models.OneToOneField("crm.Customer", on_delete=models.CASCADE, related_name="restriction")
    since = models.DateTimeField(auto_now_add=True)
    until = models.DateField()  # the last day it must stay
    reasons = models.JSONField(default=list)  # [{"what": "...", "count": 3, "until": "2034-12-31", "law": "..."}]

    class Meta(ScopedModel.Meta):
        pass

    def __str__(self):
        return f"{self.customer_id} {self.until}"
