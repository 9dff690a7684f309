from typing import ClassVar

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedManager, ScopedModel, ScopedQuerySet


class TodoQuerySet(ScopedQuerySet):
    """Named selections of tasks."""

    def open(self):
        return self.filter(done_at=None, deleted_at=None)


class Todo(ScopedModel):
    """Something to do (Aufgabe); never called task, that is Celery's word."""

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="todos")
    text = models.CharField(_("Aufgabe"), max_length=200)
    due_on = models.DateField(_("fällig am"), null=True, blank=True)
    remind_at = models.DateTimeField(_("erinnern am"), null=True, blank=True)
    assignee = models.ForeignKey(
        "accounts.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wer")
    )
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    about_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, editable=False)
    about_id = models.PositiveBigIntegerField(null=True, editable=False)
    about = GenericForeignKey("about_type", "about_id")  # the document it is to be done for
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar = ScopedManager.from_queryset(TodoQuerySet)()

    class Meta(ScopedModel.Meta):
        ordering = [models.F("due_on").asc(nulls_last=True), "pk"]
        indexes = [
            models.Index(fields=["business", "done_at", "due_on"], name="todo_open_by_day"),
            models.Index(fields=["about_type", "about_id"], name="todo_by_subject"),
        ]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.select_related("assignee__user")

    def __str__(self):
        return self.text
