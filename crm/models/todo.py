from typing import ClassVar

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.scoping import ScopedManager, ScopedModel, ScopedQuerySet
from crm import recurrence


class TodoQuerySet(ScopedQuerySet):
    """Named selections of tasks."""

    def open(self):
        return self.filter(done_at=None, deleted_at=None)


class Todo(ScopedModel):
    """Something to do (Aufgabe); never called task, that is Celery's word."""

    class Unit(models.TextChoices):
        DAY = recurrence.DAYS, _("Tage")
        WEEK = recurrence.WEEKS, _("Wochen")
        MONTH = recurrence.MONTHS, _("Monate")
        YEAR = recurrence.YEARS, _("Jahre")

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
    # comes again: every so many units, counted from the day it was due or from the day it was done
    every = models.PositiveSmallIntegerField(
        _("alle"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    unit = models.CharField(_("Einheit"), max_length=5, choices=Unit.choices, default=Unit.MONTH)
    is_counted_from_done = models.BooleanField(_("ab dem Tag, an dem sie erledigt ist"), default=False)
    series_from = models.DateField(null=True, editable=False)  # the first day of the series: months end right
    follows = models.OneToOneField(
        "crm.Todo", on_delete=models.PROTECT, null=True, editable=False, related_name="next"
    )  # never two at once
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar = ScopedManager.from_queryset(TodoQuerySet)()

    class Meta(ScopedModel.Meta):
        ordering = [models.F("due_on").asc(nulls_last=True), "pk"]
        indexes = [
            models.Index(fields=["business", "done_at", "due_on"], name="todo_open_by_day"),
            models.Index(fields=["about_type", "about_id"], name="todo_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(every=None) | Q(due_on__isnull=False, every__gt=0), name="todo_that_recurs_has_a_day"
            )
        ]

    @classmethod
    def for_timeline(cls):
        return cls.unscoped.select_related("assignee__user")

    def __str__(self):
        return self.text

    @property
    def rhythm(self) -> str:
        """How often it comes again, in words; empty for one that does not."""
        n = self.every
        if not n:
            return ""
        words = {
            self.Unit.DAY: ngettext("jeden Tag", "alle %(n)s Tage", n),
            self.Unit.WEEK: ngettext("jede Woche", "alle %(n)s Wochen", n),
            self.Unit.MONTH: ngettext("jeden Monat", "alle %(n)s Monate", n),
            self.Unit.YEAR: ngettext("jedes Jahr", "alle %(n)s Jahre", n),
        }
        return words[self.Unit(self.unit)] % {"n": n}

    def get_absolute_url(self):
        return reverse("crm:todo_edit", args=[self.pk])
