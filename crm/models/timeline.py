from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from accounts.guards import Frozen
from accounts.scoping import ScopedModel


class TimelineEntry(ScopedModel):
    """One thing that happened with a contact. Written once by the verb that did it, never changed."""

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="timeline")
    event = models.CharField(
        max_length=60
    )  # "billing.invoice_issued": the template is billing/timeline/invoice_issued.html
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True)
    subject_id = models.PositiveBigIntegerField(null=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)  # references and amounts, no personal texts
    at = models.DateTimeField()

    frozen = Frozen(follows=("customer",))

    class Meta(ScopedModel.Meta):
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="timeline_newest_first")]

    def __str__(self):
        return self.event

    @property
    def template(self):
        app, _, name = self.event.partition(".")
        return f"{app}/timeline/{name}.html"
