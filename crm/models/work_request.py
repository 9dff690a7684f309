import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedModel


def storage_key(photo, filename):
    """A name of our own; photos are stored re-encoded, without place data."""
    return f"requests/{photo.business_id}/{uuid.uuid4().hex}.webp"


class WorkRequest(ScopedModel):
    """Somebody asks for work (Anfrage): from the page of all documents, from the form on the business's website, or to
    have an order done once more. Who it is, the office says: a stranger's words never touch a contact.
    """

    class Source(models.TextChoices):
        CENTER = "center", _("aus „Ihre Unterlagen“")
        WEBSITE = "website", _("über die Website")

    class State(models.TextChoices):
        NEW = "new", _("neu")
        ANSWERED = "answered", _("beantwortet")
        DISMISSED = "dismissed", _("verworfen")

    # empty until the office says whose it is
    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, null=True, related_name="work_requests")
    source = models.CharField(max_length=8, choices=Source.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    name = models.CharField(_("Name"), max_length=120)
    email = models.EmailField(_("E-Mail-Adresse"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    street = models.CharField(_("Straße und Hausnummer"), max_length=120, blank=True)
    postcode = models.CharField(_("Postleitzahl"), max_length=10, blank=True)
    city = models.CharField(_("Ort"), max_length=80, blank=True)
    text = models.TextField(_("Worum geht es?"))
    wanted_when = models.CharField(_("Wann passt es?"), max_length=120, blank=True)
    # number and title of what is to be done once more, as the customer saw it
    repeats = models.CharField(_("Noch einmal wie"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(ScopedModel.Meta):
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["business", "state", "-created_at"], name="work_request_by_state")]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.prefetch_related("photos")

    def __str__(self):
        return self.text[:60]


class WorkRequestPhoto(ScopedModel):
    """A photo that came with a request, re-encoded without place data."""

    request = models.ForeignKey(WorkRequest, on_delete=models.CASCADE, related_name="photos")
    name = models.CharField(max_length=160)
    file = models.FileField(upload_to=storage_key, max_length=160)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta(ScopedModel.Meta):
        ordering = ["pk"]

    def __str__(self):
        return self.name
