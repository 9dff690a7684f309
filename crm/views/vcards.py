"""Visiting cards, out and in."""

import json

from django.contrib import messages as flash
from django.core import signing
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from crm import vcard_imports, vcards
from crm.models import Customer
from crm.vcard_forms import VcardForm

SALT = "crm.vcards"
VERSIONS = {"3.0", "4.0"}


@require_safe
@staff(Right.SEE_CONTACTS)
def vcard_download(request, pk) -> HttpResponse:
    """One contact, for the address book of a telephone. ?version=3.0 for older programs."""
    customer = get_object_or_404(vcards.with_all(Customer.objects.all()), pk=pk)
    return _file([customer], _version(request), slugify(customer.name) or "kontakt")


@require_safe
@staff(Right.EXPORT_DATA)
def export_vcf(request) -> HttpResponse:
    """Everybody who is not put away, in one file."""
    everybody = vcards.with_all(Customer.objects.active().order_by("number")).iterator(chunk_size=500)
    return _file(everybody, _version(request), f"kontakte-{timezone.localdate()}")


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def vcard_upload(request) -> HttpResponse:
    """Choose files; what is in them is shown with who is there already. Nothing is kept yet."""
    is_sent = request.method == "POST"
    form = VcardForm(request.POST, request.FILES) if is_sent else VcardForm()
    if is_sent and form.is_valid():
        try:
            cards = vcards.read(form.raw)
        except Refusal as refusal:
            form.add_error("file", refusal.message)
        else:
            context = {"rows": vcard_imports.preview(cards), "packed": _packed(cards)}
            return render(request, "crm/vcard_preview.html", context)
    return render(request, "crm/vcard_upload.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@staff(Right.WRITE_CONTACTS)
def vcard_take_over(request) -> HttpResponse:
    """Make contacts of the ticked cards."""
    try:
        cards = [
            vcards.Card(**each) for each in signing.loads(request.POST.get("cards", ""), salt=SALT, max_age=86_400)
        ]
    except signing.BadSignature:
        flash.error(request, _("Bitte wählen Sie die Datei noch einmal."))
        return redirect("crm:vcard_upload")
    chosen = {int(n) for n in request.POST.getlist("card") if n.isdecimal() and len(n) < 6}
    made = vcard_imports.take_over([card for n, card in enumerate(cards) if n in chosen], by=request.member)
    flash.success(
        request,
        ngettext("%(n)s Kontakt ist angelegt.", "%(n)s Kontakte sind angelegt.", len(made)) % {"n": len(made)},
    )
    return redirect(made[0]) if len(made) == 1 else redirect("crm:customer_list")


def _packed(cards):
    return signing.dumps([json.loads(json.dumps(vars(card))) for card in cards], salt=SALT, compress=True)


def _version(request):
    return request.GET["version"] if request.GET.get("version") in VERSIONS else "4.0"


def _file(customers, version, name):
    file = vcards.as_file(customers, version=version)
    return FileResponse(file, as_attachment=True, filename=f"{name}.vcf", content_type=vcards.TYPE)
