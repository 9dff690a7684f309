"""Tags of the contacts' pages."""

from datetime import datetime
from functools import cache
from importlib import import_module
from urllib.parse import urlencode

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from crm.models import Customer
from crm.views import undo as undoing

register = template.Library()


@cache
def _events(app: str) -> dict[str, str]:
    """The events an app tells the timeline: crm's stand in crm.timeline, those of the apps above in <app>.events."""
    module = import_module("crm.timeline" if app == "crm" else f"{app}.events")
    return dict(module.Event.choices)


@register.filter
def event_label(event):
    """„Angebot gesendet“ for "billing.quote_sent"."""
    return _events(event.partition(".")[0]).get(event, "") if event else ""


@register.filter
def field_labels(names):
    """„E-Mail-Adresse, Telefon“ for "email, phone"."""
    known = {field.name: str(field.verbose_name) for field in Customer._meta.fields}
    return ", ".join(known.get(name, name) for name in (names or "").split(", ") if name)


@register.filter
def contact_way(name):
    """„am Telefon“ for "phone"."""
    return dict(Customer.ContactBy.choices).get(name, name)


@register.inclusion_tag("crm/undo.html", takes_context=True)
def undo(context):
    """The way back from what was done a moment ago, as long as it is offered."""
    request = context["request"]
    return {"offer": undoing.offered(request), "request": request, "csrf_token": context.get("csrf_token")}


@register.simple_tag(takes_context=True)
def with_query(context, **changes):
    """The address of this page with other values of its query: `{% with_query art="business" nach=None %}`."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    return "?" + query.urlencode()


class Filled(template.Node):
    """Renders its first part, or the second when nothing came of the first."""

    def __init__(self, first, otherwise):
        self.first, self.otherwise = first, otherwise

    def render(self, context):
        return self.first.render(context).strip() or self.otherwise.render(context)


@register.tag
def filled(parser, token):
    """`{% filled %}sections of several apps{% otherwise %}nothing here{% endfilled %}`."""
    first = parser.parse(("otherwise",))
    parser.delete_first_token()
    otherwise = parser.parse(("endfilled",))
    parser.delete_first_token()
    return Filled(first, otherwise)


@register.filter
def instant(text):
    """An instant out of the facts of an entry, where it is kept as text."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def waited(time):
    """How long somebody waited: „3 Stunden“, from two days on „4 Tage“."""
    hours = round(time.total_seconds() / 3600)
    if hours < 1:
        return _("unter 1 Stunde")
    if hours < 48:
        return ngettext("%(n)s Stunde", "%(n)s Stunden", hours) % {"n": hours}
    return formats.days(round(hours / 24))


@register.filter
def route_href(customer):
    """Where the way to a contact's address is shown: OpenStreetMap, opened only by a click, without telling where from."""
    address = f"{customer.street}, {customer.postcode} {customer.city}"
    return f"https://www.openstreetmap.org/search?{urlencode({'query': address})}"
