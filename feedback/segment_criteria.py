"""What contacts are selected by that feedback knows: how they would recommend us (settings.SEGMENT_CRITERIA)."""

from django import forms
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import Right
from crm.models import Customer
from crm.segments import Criterion
from feedback.models import FeedbackAnswer


class Score(Criterion):
    """The last recommendation a contact gave, from 0 to 10."""

    name = "score"
    label = gettext_lazy("Weiterempfehlung")
    right = Right.SEE_NOTES

    class Form(forms.Form):
        least = forms.IntegerField(
            label=gettext_lazy("mindestens (0 bis 10)"), required=False, min_value=0, max_value=10
        )
        most = forms.IntegerField(label=gettext_lazy("höchstens (0 bis 10)"), required=False, min_value=0, max_value=10)

    def condition(self, values):
        answers = FeedbackAnswer.objects.filter(request__customer=OuterRef("pk")).exclude(recommendation=None)
        last = Subquery(answers.order_by("-answered_at", "-pk").values("recommendation")[:1])
        answered = FeedbackAnswer.objects.exclude(recommendation=None).order_by().values("request__customer")
        found = Customer.objects.filter(pk__in=answered).annotate(last=last).order_by()
        if "least" in values:
            found = found.filter(last__gte=values["least"])
        if "most" in values:
            found = found.filter(last__lte=values["most"])
        return Q(pk__in=found.values("pk"))

    def said(self, values):
        parts = [_("mindestens %(n)s") % {"n": values["least"]}] if "least" in values else []
        parts += [_("höchstens %(n)s") % {"n": values["most"]}] if "most" in values else []
        return ", ".join(parts)
