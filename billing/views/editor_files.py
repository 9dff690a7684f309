"""Files in the quote editor: kept at once, so that a mistake elsewhere on the page does not lose them."""

from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing.documents.model import LineKind
from crm import attachments
from crm.models import Attachment


def keep_pictures(request, quote, rows) -> dict[str, str]:
    """Store the pictures of rows and drop those that are not this customer's; returns refusals by row."""
    refused = {}
    typed = {int(value) for row in rows if (value := str(row["picture"].value() or "")).isdecimal() and len(value) < 19}
    allowed = set(_of(quote.customer, typed, quote.lines.values_list("picture_id", flat=True)))
    data = request.POST.copy()  # one for all rows: each names its own fields
    for row in rows:
        row.data = data
        name = row.add_prefix("picture")
        if str(data.get(name, "")) not in {str(pk) for pk in allowed}:
            data[name] = ""
        file = request.FILES.get(row.add_prefix("picture_file"))
        if file is None or row["kind"].value() != LineKind.ITEM:
            continue
        try:
            if not attachments.check(file).startswith("image/"):
                raise Refusal(_("Wir können JPG, PNG und HEIC annehmen."))
            kept = attachments.add(quote.customer, file, by=request.member, is_told=False)
        except Refusal as refusal:
            refused[row.key] = refusal.message
        else:
            data[name] = str(kept.pk)
    return refused


def keep_building_description(request, quote, form):
    """The building description after this post: the new file, the old one, or none. Raises Refusal for no such file."""
    if "building_file" not in form.fields:
        return None
    file = request.FILES.get("building_file")
    if file is not None:
        return attachments.add(quote.customer, file, by=request.member, is_told=False)
    return None if form.cleaned_data["drop_building"] else quote.building_description


def shown(rows) -> dict[str, Attachment]:
    """The picture of each row that has one."""
    wanted = {row.key: int(value) for row in rows if (value := row["picture"].value())}
    found = Attachment.objects.in_bulk(set(wanted.values()))
    return {key: found[pk] for key, pk in wanted.items() if pk in found}


def _of(customer, typed, stored):
    """The pictures this quote has already, and those of its customer."""
    known = {pk for pk in stored if pk}
    photos = Attachment.objects.filter(
        pk__in=typed - known, customer=customer, kind=Attachment.Kind.PHOTO, deleted_at=None
    )
    return known | set(photos.values_list("pk", flat=True)) if typed - known else known
