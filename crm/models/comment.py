from django.db import models
from django.db.models import Q

from accounts.scoping import ScopedModel


class Comment(ScopedModel):
    """What colleagues write about one line of the timeline, or about a photo or PDF, there perhaps at one place.

    Never for the customer. A place is a share of the picture's width and height, on one page of a PDF.
    """

    customer = models.ForeignKey("crm.Customer", on_delete=models.PROTECT, related_name="comments")
    entry = models.ForeignKey("crm.TimelineEntry", on_delete=models.CASCADE, null=True, related_name="comments")
    attachment = models.ForeignKey("crm.Attachment", on_delete=models.CASCADE, null=True, related_name="comments")
    text = models.TextField()
    page = models.PositiveSmallIntegerField(default=1)
    x = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    y = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta(ScopedModel.Meta):
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entry=None, attachment__isnull=False) | Q(entry__isnull=False, attachment=None),
                name="comment_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(x=None, y=None)
                | Q(attachment__isnull=False, x__isnull=False, y__isnull=False) & Q(x__range=(0, 1), y__range=(0, 1)),
                name="comment_has_its_place_in_the_picture",
            ),
        ]

    number: int | None = None  # of its place in the picture; counted by crm.comments.of_file

    def __str__(self):
        return self.text[:60]

    @property
    def has_place(self):
        return self.x is not None
