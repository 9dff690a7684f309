"""The wall between businesses: rows carry their business, and the default manager finds only the current one's."""

from typing import ClassVar

from django.db import models

from accounts import current


class ScopedQuerySet(models.QuerySet):
    """A selection within one business; bulk writes are marked with it too."""

    def bulk_create(self, objs, *args, **kwargs):
        for obj in objs:
            obj.claim()
        return super().bulk_create(objs, *args, **kwargs)


_Manager = models.Manager.from_queryset(ScopedQuerySet)


class ScopedManager(_Manager):
    """Finds rows of the current business; raises NoBusiness when there is none. Named selections of a queryset class join
    by `ScopedManager.from_queryset(…)()`.
    """

    use_in_migrations = False

    def get_queryset(self):
        return super().get_queryset().filter(business_id=current.business().pk)


class ScopedModel(models.Model):
    """A row that belongs to one business. `objects` is scoped; `unscoped` crosses the wall and is named in the tests."""

    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="+", editable=False)

    objects: ClassVar = ScopedManager()
    unscoped: ClassVar = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "unscoped"  # following a foreign key from a row we hold stays within its business

    def claim(self):
        """Mark a new row with the current business. Raises ValueError for a row of another one."""
        here = current.business()
        if self.business_id is None:
            self.business = here
        elif self.business_id != here.pk:
            raise ValueError(f"{type(self).__name__} belongs to another business")

    def save(self, *args, **kwargs):
        self.claim()
        super().save(*args, **kwargs)
