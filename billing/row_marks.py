"""What is said about a row beside its text while it is written: in short words, the same on the page and in the script."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts import formats

SHORT = 80


def of_row(form, line=None, margin=None) -> list[tuple[str, str]]:
    """(style, words) of each mark of a row form; `line` and `margin` when the row could be worked out."""
    found = []
    if getattr(form, "is_alternative", False):
        words = _("Titel aus „%(name)s“") if form.is_section else _("aus „%(name)s“")
        found.append(("badge brand", words % {"name": form.set_name}))
    elif getattr(form, "is_optional", False):
        most, group = form["max_quantity"].value(), str(form["option_group"].value() or "").strip()
        words = _("auf Wunsch, 0 bis %(most)s") % {"most": most} if most and form.is_item else _("auf Wunsch")
        found.append(("badge warn", f"{group}: {words}" if group else words))
    if line is not None and line.is_item:
        percent = line.discount_percent
        if percent:
            words = _("%(percent)s Rabatt") if percent > 0 else _("%(percent)s Zuschlag")
            found.append(("badge", words % {"percent": formats.percent(abs(percent))}))
        if line.cost_split:
            found.append(("badge", _("aufgeteilt")))
    if "picture" in form.fields and form["picture"].value():
        found.append(("badge", _("mit Bild")))
    if margin is not None:
        found.append(("in", _("DB %(percent)s") % {"percent": formats.percent(margin.percent)}))
    if description := form["description"].value():
        found.append(("cut", Truncator(" ".join(description.split())).chars(SHORT)))
    return found
