"""How lists of the API are narrowed down."""

import django_filters
from django.utils import timezone

from accounts.api_views import IdFilter
from billing.models import CatalogueItem, Invoice, Order, Quote


class CatalogueFilter(django_filters.FilterSet):
    """Without `archived` only what is sold."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", max_length=200, label="Part of the name.")
    archived = django_filters.BooleanFilter(method="put_away", label="true: only what is no longer sold.")

    class Meta:
        model = CatalogueItem
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset):
        if self.form.cleaned_data["archived"] is None:
            queryset = queryset.filter(archived_at=None)
        return super().filter_queryset(queryset)

    def put_away(self, rows, name, value: bool):
        return rows.filter(archived_at__isnull=not value)


class QuoteFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Quote.State.choices)
    contact = IdFilter(field_name="customer_id")

    class Meta:
        model = Quote
        fields: tuple[str, ...] = ()


class OrderFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Order.State.choices)
    contact = IdFilter(field_name="customer_id")

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()


class InvoiceFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Invoice.State.choices)
    contact = IdFilter(field_name="customer_id")
    order = IdFilter(field_name="order_id")
    overdue = django_filters.BooleanFilter(method="late", label="true: open and past the due date; false: all others.")

    class Meta:
        model = Invoice
        fields: tuple[str, ...] = ()

    def late(self, rows, name, value: bool):
        chosen = rows.overdue(on=timezone.localdate()).values("pk")
        return rows.filter(pk__in=chosen) if value else rows.exclude(pk__in=chosen)
