"""Contacts: the list, one contact with its timeline, and what is changed about it."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rights import Right
from accounts.staff import staff
from crm import center_links, certificates, consents, contact_proposals, customers, duplicate_searches, vat_id_checks
from crm.duplicates import FIELDS as KNOWN_BY
from crm.forms import ContactPersons, CustomerForm, Sites, VatIdCheckForm
from crm.models import Customer, Tag
from crm.views import composer, duplicates, entries, recent, undo

FILES = 12


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def customer_create(request):
    """A new contact. Who is there already is shown once before it is made; the second click says that it is another."""
    form, doubles = CustomerForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        doubles = duplicates.found(form.cleaned_data)
        if not doubles or "trotzdem" in request.POST:
            with transaction.atomic():
                customer = customers.create(by=request.member, tags=form.cleaned_data["tags"], **form.master_data)
                customers.give_feedback_notice(customer, form.cleaned_data["has_feedback_notice"])
                duplicate_searches.are_others(customer, doubles, by=request.member)
            return redirect(customer)
    context = {"form": form, "doubles": doubles, "asks": bool(doubles)}
    return render(request, "crm/customer_create.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff(Right.WRITE_CONTACTS)
def customer_edit(request, pk):
    """Master data with persons and addresses. Who else looks like it is asked about when what it is known by changed."""
    customer = get_object_or_404(Customer, pk=pk)
    if customer.merged_into_id:
        return redirect("crm:customer_edit", customers.living(customer).pk)
    stored = get_object_or_404(Customer, pk=pk)  # the form has an instance of its own; the verb compares with this one
    data = request.POST or None
    form = CustomerForm(data, instance=customer)
    persons = ContactPersons(data, instance=customer, prefix="persons")
    sites = Sites(data, instance=customer, prefix="sites")
    doubles = []
    if request.method == "POST" and all([form.is_valid(), persons.is_valid(), sites.is_valid()]):
        if set(form.changed_data) & set(KNOWN_BY) and "trotzdem" not in request.POST:
            doubles = duplicates.found(form.cleaned_data, stored)
        if not doubles:
            with transaction.atomic():
                if "trotzdem" in request.POST:
                    others = duplicates.found(form.cleaned_data, stored)
                    duplicate_searches.are_others(stored, others, by=request.member)
                customers.change(stored, by=request.member, **form.master_data)
                customers.set_tags(stored, form.cleaned_data["tags"])
                customers.give_feedback_notice(stored, form.cleaned_data["has_feedback_notice"])
                persons.save()
                sites.save()
            return redirect(stored)
    return render(
        request,
        "crm/customer_edit.html",
        {
            "form": form, "persons": persons, "sites": sites, "customer": stored, "doubles": doubles,
            "asks": bool(doubles), "formsets": [persons, sites],
        },
        status=422 if form.errors or any(persons.errors) or any(sites.errors) else 200,
    )  # fmt: skip


@require_safe
@staff(Right.SEE_CONTACTS)
def customer_detail(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    if customer.merged_into_id:
        return redirect(customers.living(customer))
    return recent.remember(show(request, customer), customer)


def show(request, customer, *, bound=None, vat_id_form=None, status=200) -> HttpResponse:
    """The page of a contact; with `bound` the composer shows that form with its errors, and so does the check of the VAT ID."""
    context = {
        "customer": customer,
        "today": timezone.localdate(),
        "certificate_ends": certificates.ends_soon(customer),
        "customer_tags": customer.customer_tags.select_related("tag").order_by("tag__name"),
    }
    if request.rights.see_notes:
        context |= entries.shown(request, customer)
        if proposal := contact_proposals.open_of(customer):
            proposal.customer = customer
            context |= {"proposal": proposal, "changes": contact_proposals.compared(proposal)}
        context |= {
            "files": customer.attachments.present().order_by("-pk")[:FILES],
            "todos": customer.todos.open().select_related("assignee__user"),
            "appointments": customer.appointments.filter(cancelled_at=None, ends_at__gte=timezone.now())
            .select_related("assignee__user")
            .order_by("starts_at")[:5],
        }
    if customer.vat_id and not customer.vat_id.startswith("DE"):  # a German one is not asked about (§ 18e UStG)
        context["vat_id_latest"] = vat_id_checks.latest(customer)
        context["vat_id_question"] = vat_id_checks.question(customer)
        context["may_ask_vat_office"] = not vat_id_checks.why_not_asked(customer)
        context["vat_id_form"] = vat_id_form or VatIdCheckForm(initial={"checked_on": timezone.localdate()})
    if request.rights.write_contacts:
        context["consents"] = list(consents.newest(customer).values())
        context["center_links"] = center_links.open_links(customer)
    context |= {
        "contact_persons": customer.contact_persons.all(),
        "sites": customer.sites.all(),
        "composer": composer.shown(request, customer, bound),
        "tag_names": Tag.objects.values_list("name", flat=True) if request.rights.write_contacts else (),
        "form": bound or vat_id_form,  # its errors are summed up above the heading
    }
    return render(request, "crm/customer_detail.html", context, status=status)


@require_POST
@staff(Right.WRITE_CONTACTS)
def customer_archive(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    customers.archive(customer)
    text = _("„%(name)s“ ist archiviert.") % {"name": customer}
    return undo.offer(redirect("crm:customer_list"), text, reverse("crm:customer_unarchive", args=[customer.pk]))


@require_POST
@staff(Right.WRITE_CONTACTS)
def customer_unarchive(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    customers.unarchive(customer)
    return undo.taken(redirect(customer))


@require_POST
@staff(Right.WRITE_CONTACTS)
def customer_followed_up(request, pk):
    """The follow-up date is dealt with."""
    customer = get_object_or_404(Customer, pk=pk)
    customers.change(customer, by=request.member, follow_up_on=None)
    return redirect("today")
