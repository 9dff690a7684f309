"""Template tags and filters every page shares; the forms of values come from accounts.formats.

Filters: euro, whole_euro, signed_euro, percent, quantity[:unit], iban, phone, tel_href, day, day_long, day_short,
clock, clock_short, moment, moment_long, days, span:last, initials, device, ink, negative, error_target.
Tags: icon, time, field, meter, nav_item.
"""

import re
from datetime import datetime
from functools import cache

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from accounts import formats

register = template.Library()

for _name in (
    "euro", "whole_euro", "signed_euro", "percent", "quantity", "iban", "phone", "tel_href", "day", "day_long",
    "day_short", "clock", "clock_short", "moment", "moment_long", "days", "span", "initials", "device", "ink",
):  # fmt: skip
    register.filter(_name, getattr(formats, _name))


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    """Name -> (viewBox, drawing) of every icon in the sprite."""
    with open(str(finders.find("icons.svg")), encoding="utf-8") as sprite:
        found = re.findall(r'<symbol id="i-([^"]+)" viewBox="([^"]+)">(.*?)</symbol>', sprite.read(), re.S)
    return {name: (box, drawing) for name, box, drawing in found}


@register.simple_tag(takes_context=True)
def icon(context, name):
    """A decorative icon of static/icons.svg; the words beside it carry the meaning.

    Customer pages draw it in place (`inline_icons` in the context, set by portal/base.html): one request less.
    """
    return _drawn(name, "" if context.get("inline_icons") else static("icons.svg"))


@cache
def _drawn(name, sprite):
    """An icon in place, or by the address of the sprite; a page of a list has a hundred."""
    box, drawing = _symbols()[name]
    if not sprite:
        return format_html(
            '<svg class="i" viewBox="{}" aria-hidden="true">{}</svg>',
            box,
            mark_safe(drawing),  # noqa: S308 - own file
        )
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#i-{}"/></svg>', sprite, name)


@register.simple_tag
def time(value, form=""):
    """`<time datetime>` around a date or instant: `{% time note.created_at %}`, `{% time invoice.due_on "day" %}`."""
    if not value:
        return ""
    if not isinstance(value, datetime):
        return format_html(
            '<time datetime="{}">{}</time>', value.isoformat(), getattr(formats, form or "day_short")(value)
        )
    stamp = timezone.localtime(value) if timezone.is_aware(value) else value
    text = getattr(formats, form or "moment")(value)
    return format_html('<time datetime="{}">{}</time>', stamp.isoformat(timespec="minutes"), text)


@register.inclusion_tag("components/nav_item.html", takes_context=True)
def nav_item(context, view, icon, label, count=None, section=""):
    """One link of the office menu; nothing while the view does not exist.

    It is current while the shown view's name starts with `section` (by default the view's own name up to its last "_"),
    or the page's address, where `section` is one.
    """
    try:
        url = reverse(view)
    except NoReverseMatch:
        return {"url": ""}
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    shown = match.view_name if match else ""
    if section.startswith("/"):
        shown = request.path if request else ""
    section = section or (view.rpartition("_")[0] + "_" if "_" in view.rpartition(":")[2] else view)
    return {"url": url, "icon": icon, "label": label, "count": count, "is_current": shown.startswith(section)}


@register.simple_tag
def meter(value, maximum=100, label=""):
    """A thin bar filled to value / maximum; without a label it is decoration beside a number."""
    width = min(max(float(value or 0) / float(maximum), 0), 1) * 100
    name = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" {}><rect width="{}" height="6"/></svg>',
        name, f"{width:.1f}",
    )  # fmt: skip


@register.filter
def negative(amount):
    """The amount with its sign turned: a deduction is `{{ paid|negative|signed_euro }}`."""
    return None if amount is None or amount == "" else -amount


@register.filter
def error_target(field):
    """The id an error summary links to: the control, or the first one of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag
def field(bound, label=None, hint=None):
    """A form field as the house writes it, in other words if given: `{% field form.login label=_("E-Mail") hint="" %}`.

    Placeholders that a library put in go: our labels are always visible.
    """
    bound.field.widget.attrs.pop("placeholder", None)
    if label is not None:
        bound.label = label
    if hint is not None:
        bound.help_text = hint
    return bound.as_field_group()
