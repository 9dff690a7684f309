"""What the customer says afterwards, and that he does not want to be asked again."""

from django import forms
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from accounts.refusals import Refusal
from crm import limits, link_pages
from crm.link_pages import customer_page
from crm.models import AccessLink
from feedback import requests
from feedback.models import FeedbackAnswer

FEEDBACK = AccessLink.Purpose.FEEDBACK
MOST, WINDOW = 20, 3600


class Scale(forms.RadioSelect):
    """A row of numbers."""

    template_name = "feedback/scale.html"

    def __init__(self, *, low, high, five=True):
        super().__init__()
        self.low, self.high, self.five = low, high, five

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"low": self.low, "high": self.high, "five": self.five}


class Stars(forms.TypedChoiceField):
    """Numbers with words at both ends; nothing is preselected (FBK1)."""

    def __init__(self, numbers, *, label, low, high):
        super().__init__(
            label=label, choices=[(n, str(n)) for n in numbers], coerce=int, empty_value=None, required=False,
            widget=Scale(low=low, high=high, five=len(numbers) == 5),
        )  # fmt: skip


class AnswerForm(forms.Form):
    """Three specific questions before the one number (ux.md section 1, NPS wording); all of it voluntary."""

    quality = Stars(
        range(1, 6),
        label=_("Passt das Ergebnis zu dem, was wir besprochen haben?"),
        low=_("gar nicht"),
        high=_("genau"),
    )
    punctuality = Stars(
        range(1, 6), label=_("Kamen wir zur vereinbarten Zeit?"), low=_("deutlich zu spät"), high=_("pünktlich")
    )
    communication = Stars(range(1, 6), label=_("Wussten Sie immer, wie es weitergeht?"), low=_("nie"), high=_("immer"))
    recommendation = Stars(
        range(11),
        label=_("Würden Sie uns Freunden oder Nachbarn empfehlen?"),
        low=_("0 – auf keinen Fall"),
        high=_("10 – auf jeden Fall"),
    )
    comment = forms.CharField(
        label=_("Was hätten wir besser machen können?"),
        help_text=_("Oder: Was war besonders gut?"),
        max_length=4000,
        required=False,
        error_messages={"max_length": _("Bitte kürzen Sie Ihren Text auf höchstens 4.000 Zeichen.")},
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": "", "maxlength": False}),
    )
    wants_call = forms.BooleanField(label=_("Bitte rufen Sie mich dazu an."), required=False)
    may_publish = forms.BooleanField(
        label=_("Sie dürfen meinen Kommentar mit meinem Vornamen veröffentlichen."), required=False
    )


@customer_page(FEEDBACK, methods=("GET", "POST"))
def answer(request):
    """The questions; on a second visit with the answers given, for 14 days (FBK5)."""
    asked = _asked(request)
    given = FeedbackAnswer.objects.filter(request=asked).first()
    if given and given.answered_at + requests.EDITABLE < timezone.now():
        return redirect("feedback:thanks", request.link.public_id)
    if request.method == "POST":
        return _answered(request, asked, given)
    initial = {name: getattr(given, name) for name in AnswerForm.base_fields} if given else {}
    return _page(request, asked, given, AnswerForm(initial=initial))


@customer_page(FEEDBACK)
def thanks(request):
    """The same page for two and for ten, with the same public link (FBK3, R102)."""
    asked = _asked(request)
    given = FeedbackAnswer.objects.filter(request=asked).first()
    if given is None:
        return redirect("feedback:answer", request.link.public_id)
    until = timezone.localdate(given.answered_at + requests.EDITABLE)
    context = {"answer": given, "until": until, "is_editable": given.answered_at + requests.EDITABLE > timezone.now()}
    return link_pages.render(request, "feedback/thanks.html", context)


@customer_page(FEEDBACK, methods=("GET", "POST"), only_open=False, counts=False)
def opt_out(request):
    """Ask no more. Looking changes nothing, the button does (R100); also after the link has expired."""
    link = request.link
    if request.method == "POST":
        requests.opt_out(link.customer)
        return redirect("feedback:opt_out", link.public_id)
    return link_pages.render(request, "feedback/opt_out.html", {"is_out": bool(link.customer.feedback_opt_out_at)})


@csrf_exempt  # RFC 8058: mail programs post here without ever having seen a page; the token is the key
def unsubscribe(request, token):
    """The address in the mail."""
    return link_pages.one_click(
        request, token, purpose=FEEDBACK, page="feedback:opt_out", stop=lambda link: requests.opt_out(link.customer)
    )


unsubscribe.link_methods = ("GET", "POST")


def _asked(request):
    asked = request.link.subject
    asked.business, asked.customer = request.business, request.link.customer
    return asked


def _answered(request, asked, given):
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, given, form, status=422)
    if limits.hits(f"feedback:{request.link.pk}", seconds=WINDOW) > MOST:
        return link_pages.too_many(limits.seconds_left(WINDOW))
    try:
        requests.answer(asked, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _page(request, asked, given, form, status=422 if refusal.field else refusal.status)
    return redirect("feedback:thanks", request.link.public_id)


def _page(request, asked, given, form, *, status=200):
    context = {
        "asked": asked,
        "order": asked.order,
        "given": given,
        "form": form,
        "fields": [form[name] for name in form.fields],
    }
    return link_pages.render(request, "feedback/answer.html", context, status=status)
