"""Templates of quotes, text blocks, and taking rows from an earlier quote."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import Refusal
from accounts.rights import Right
from accounts.staff import staff
from billing import building_blocks
from billing.catalogue_forms import TemplateForm, TextBlockForm
from billing.models import Quote, QuoteTemplate, TextBlock
from billing.views.quote_editor import SHOWN, earlier_quotes
from crm.states import NotAllowed


@require_safe
@staff(Right.SEE_MONEY)
def quote_template_list(request):
    """All templates by name."""
    return _template_page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def quote_template_create(request, pk):
    """Keep a quote as a template; a name there is already must be meant."""
    quote = get_object_or_404(Quote.objects.select_related("customer"), pk=pk)
    form = TemplateForm(request.POST or None, initial={"name": quote.title[:120]})
    is_taken = False
    if request.method == "POST" and form.is_valid():
        try:
            template = building_blocks.save_as_template(
                quote, name=form.cleaned_data["name"], replace="ersetzen" in request.POST
            )
        except building_blocks.NameTaken as taken:
            form.add_error("name", taken.message)
            is_taken = True
        else:
            messages.success(request, _("Vorlage „%(name)s“ gespeichert.") % {"name": template})
            return redirect("billing:quote_edit" if quote.is_draft else "billing:quote_detail", quote.pk)
    return render(
        request,
        "billing/quote_template_create.html",
        {"quote": quote, "form": form, "is_taken": is_taken},
        status=422 if form.errors else 200,
    )


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_template_rename(request, pk):
    """Give a template another name."""
    template = get_object_or_404(QuoteTemplate, pk=pk)
    form = TemplateForm(request.POST)
    if form.is_valid():
        try:
            building_blocks.rename(template, name=form.cleaned_data["name"])
        except building_blocks.NameTaken as taken:
            form.add_error("name", taken.message)
        else:
            return redirect("billing:quote_template_list")
    return _template_page(request, form=form, renamed=template, status=422)


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def quote_template_delete(request, pk):
    """Throw a template away; quotes made of it stay."""
    template = get_object_or_404(QuoteTemplate, pk=pk)
    template.delete()
    messages.success(request, _("Vorlage „%(name)s“ gelöscht.") % {"name": template})
    return redirect("billing:quote_template_list")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def quote_copy_rows(request, pk):
    """Take rows or whole titles of an earlier quote into a draft."""
    draft = get_object_or_404(Quote.objects.select_related("customer", "business"), pk=pk)
    if not draft.is_draft:
        raise NotAllowed(draft)
    search = request.GET.get("q", "").strip()
    from_pk = request.POST.get("von") or request.GET.get("von") or ""
    source = None
    if from_pk:
        pk_of_source = int(from_pk) if from_pk.isdecimal() and len(from_pk) < 19 else 0
        source = get_object_or_404(Quote.objects.select_related("customer"), pk=pk_of_source)
    error = ""
    if request.method == "POST" and source:
        chosen = {int(value) for value in request.POST.getlist("zeile") if value.isdecimal() and len(value) < 19}
        try:
            count = building_blocks.copy_rows(draft, source, chosen, by=request.member)
        except Refusal as refusal:
            error = refusal.message
        else:
            messages.success(
                request, ngettext("%(n)s Zeile übernommen.", "%(n)s Zeilen übernommen.", count) % {"n": count}
            )
            return redirect("billing:quote_edit", draft.pk)
    return render(
        request,
        "billing/quote_copy_rows.html",
        {
            "quote": draft, "source": source, "search": search, "error": error,
            "blocks": building_blocks.blocks(source) if source else [],
            "found": [] if source else earlier_quotes(search).exclude(pk=draft.pk)[:SHOWN],
        },
        status=409 if error else 200,
    )  # fmt: skip


@require_safe
@staff(Right.SEE_MONEY)
def text_block_list(request):
    """All text blocks by place."""
    return render(request, "billing/text_block_list.html", {"blocks": TextBlock.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def text_block_create(request):
    """One more text block."""
    return _block_page(request, TextBlock())


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Right.WRITE_DOCUMENTS)
def text_block_edit(request, pk):
    """Change a text block; documents keep the text they were written with."""
    return _block_page(request, get_object_or_404(TextBlock, pk=pk))


@require_POST
@staff(Right.WRITE_DOCUMENTS)
def text_block_delete(request, pk):
    """Throw a text block away."""
    block = get_object_or_404(TextBlock, pk=pk)
    block.delete()
    messages.success(request, _("„%(name)s“ gelöscht.") % {"name": block})
    return redirect("billing:text_block_list")


@require_safe
@staff(Right.WRITE_DOCUMENTS)
def text_block_text(request, pk):
    """The words of a text block for the editor's script, also as text and description of a row."""
    block = get_object_or_404(TextBlock, pk=pk)
    return JsonResponse({"text": block.text, "row": building_blocks.as_row(block)})


def _template_page(request, *, form=None, renamed=None, status=200):
    templates = list(QuoteTemplate.objects.all())
    return render(
        request,
        "billing/quote_template_list.html",
        {"templates": templates, "form": form, "renamed": renamed},
        status=status,
    )


def _block_page(request, block):
    form = TextBlockForm(request.POST or None, instance=block)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("„%(name)s“ gespeichert.") % {"name": form.instance.name})
        return redirect("billing:text_block_list")
    return render(
        request, "billing/text_block_edit.html", {"form": form, "item": block}, status=422 if form.errors else 200
    )
