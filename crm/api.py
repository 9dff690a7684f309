"""Contacts over the API: the verbs of crm.customers."""

import django_filters
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.api_views import BusinessViewSet, InstantFilter, Serializer
from accounts.rights import Right
from crm import customers
from crm.models import Customer

MOST_TAGS = 50


@extend_schema_field({"type": "array", "items": {"type": "string", "maxLength": 40}, "maxItems": MOST_TAGS})
class TagsField(serializers.ListField):
    """The words a contact is sorted by; new words become tags."""

    child = serializers.CharField(max_length=40)

    def get_attribute(self, instance):
        return sorted(carried.tag.name for carried in instance.customer_tags.all())


class ContactSerializer(Serializer):
    """A contact with its master data."""

    tags = TagsField(required=False, max_length=MOST_TAGS)
    country = serializers.RegexField(
        r"^[A-Z]{2}$",
        required=False,
        error_messages={"invalid": gettext_lazy("Bitte geben Sie das Land mit zwei Buchstaben an, zum Beispiel DE.")},
    )

    class Meta:
        model = Customer
        fields = (
            "id", "number", "kind", "name", "company_name", "salutation", "first_name", "last_name", "email", "phone",
            "mobile", "street", "postcode", "city", "country", "vat_id", "registration_number", "leitweg_id", "language",
            "source", "contact_by", "contact_note", "follow_up_on", "tags", "is_prospect", "archived_at", "merged_into",
            "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = (
            "id", "number", "name", "is_prospect", "archived_at", "merged_into", "created_at", "updated_at",
        )  # fmt: skip

    def validate(self, attrs):
        said = {
            name: attrs.get(name, getattr(self.instance, name, ""))
            for name in ("company_name", "first_name", "last_name")
        }
        if not any(value.strip() for value in said.values()):
            raise serializers.ValidationError({"last_name": [_("Bitte geben Sie einen Namen oder eine Firma an.")]})
        return attrs


class ContactFilter(django_filters.FilterSet):
    """`q` finds names, addresses, numbers and phones, however they are spelled."""

    q = django_filters.CharFilter(method="find", max_length=200, label="Words, a number or a telephone number.")
    kind = django_filters.ChoiceFilter(choices=Customer.Kind.choices)
    source = django_filters.ChoiceFilter(choices=Customer.Source.choices)
    tag = django_filters.CharFilter(field_name="customer_tags__tag__name", max_length=40, label="Exactly this tag.")
    updated_since = InstantFilter(field_name="updated_at", lookup_expr="gte", label="Changed at or after this instant.")
    archived = django_filters.BooleanFilter(
        method="put_away", label="true: only those put away. Without it only those not put away."
    )

    class Meta:
        model = Customer
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset):
        if self.form.cleaned_data["archived"] is None:
            queryset = queryset.active()
        return super().filter_queryset(queryset)

    def find(self, rows, name, value: str):
        return rows.matching(value)

    def put_away(self, rows, name, value: bool):
        return rows.archived() if value else rows.active()


@extend_schema_view(
    list=extend_schema(summary="List contacts"),
    retrieve=extend_schema(summary="One contact"),
    create=extend_schema(summary="Create a contact"),
    partial_update=extend_schema(summary="Change a contact"),
    archive=extend_schema(summary="Put a contact away", request=None),
    unarchive=extend_schema(summary="Take a contact back", request=None),
)
class ContactViewSet(BusinessViewSet):
    """Contacts: people and companies, customers and prospects."""

    model = Customer
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    ordering = ("name", "pk")
    rights = {
        "list": Right.SEE_CONTACTS,
        "retrieve": Right.SEE_CONTACTS,
        "create": Right.WRITE_CONTACTS,
        "partial_update": Right.WRITE_CONTACTS,
        "archive": Right.WRITE_CONTACTS,
        "unarchive": Right.WRITE_CONTACTS,
    }

    def selected(self, rows):
        return rows.prefetch_related("customer_tags__tag")

    def list(self, request):
        return self.listed()

    def retrieve(self, request, pk):
        return self.shown(self.get_object())

    def create(self, request):
        data = self.cleaned()
        return self.shown(customers.create(by=self.member, **data), status=201)

    @transaction.atomic
    def partial_update(self, request, pk):
        customer = self.get_object()
        data = self.cleaned(instance=customer, partial=True)
        tags = data.pop("tags", None)
        customers.change(customer, by=self.member, **data)
        if tags is not None:
            customers.set_tags(customer, tags)
        return self.shown(customer)

    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        customer = self.get_object()
        customers.archive(customer)
        return self.shown(customer)

    @action(detail=True, methods=["post"])
    def unarchive(self, request, pk):
        customer = self.get_object()
        customers.unarchive(customer)
        return self.shown(customer)
