"""Views and fields the parts of the API are made of: rows of one business, cleaned input, answers as JSON."""

from datetime import date
from decimal import Decimal

import django_filters
from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, negotiation, parsers, serializers, viewsets
from rest_framework.response import Response

from accounts import idempotency
from accounts.api import refused
from accounts.api_schema import Schema
from accounts.refusals import Refusal

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
LARGEST_ID = 2**63 - 1
PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}


# --- input and output ---------------------------------------------------------------------------------------------------
class Parser(parsers.JSONParser):
    """JSON that does not bring the parser to its knees."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise exceptions.ParseError from None


class AlwaysJson(negotiation.DefaultContentNegotiation):
    """There is one form of answers, so `Accept: application/pdf` on a download is no mistake."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


@extend_schema_field(OpenApiTypes.INT64)
class IdFilter(django_filters.Filter):
    """A filter by the id of another row; unknown and foreign ids find nothing."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=1, max_value=LARGEST_ID, **kwargs)


class InstantFilter(django_filters.IsoDateTimeFilter):
    """A filter by an instant somebody can mean."""

    def filter(self, qs, value):
        if value and not FIRST_DAY.year <= value.year <= LAST_DAY.year:
            raise exceptions.ValidationError([_("Bitte prüfen Sie das Jahr.")])
        return super().filter(qs, value)


class OwnRow(serializers.PrimaryKeyRelatedField):
    """The id of a row of the current business; foreign ids are unknown ids (P02)."""

    default_error_messages = {
        "does_not_exist": gettext_lazy("Nicht gefunden."),
        "incorrect_type": gettext_lazy("Bitte geben Sie eine Nummer (id) an."),
    }

    def __init__(self, model=None, **kwargs):
        self.model = model
        kwargs.setdefault("pk_field", serializers.IntegerField(min_value=1))
        super().__init__(**kwargs)

    def get_queryset(self):
        return self.model.objects.all()


class Day(serializers.DateField):
    """A date somebody can mean; the calendar's edges are mistakes in reckoning."""

    def to_internal_value(self, value):
        day = super().to_internal_value(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise serializers.ValidationError(_("Bitte prüfen Sie das Jahr."))
        return day


class PlainDecimal(serializers.DecimalField):
    """A decimal number as text. Minus zero is zero (P81)."""

    def to_internal_value(self, data):
        return super().to_internal_value(data) + Decimal(0)


class Serializer(serializers.ModelSerializer):
    """Fields are named one by one; what is not named is neither shown nor written (P82)."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        model_field: {serializers.DateField: Day, serializers.DecimalField: PlainDecimal}.get(field, field)
        for model_field, field in serializers.ModelSerializer.serializer_field_mapping.items()
    }

    @property
    def rights(self):
        """What the member asking may do."""
        return self.context["request"]._request.rights


# --- views --------------------------------------------------------------------------------------------------------------
class BusinessViewSet(viewsets.GenericViewSet):
    """Rows of one model of the current business.

    A subclass names `model`, `ordering` and `rights` (action -> right); it cleans input and calls the verbs of the browser.
    """

    model: type
    rights: dict[str, str] = {}
    ordering = ("-created_at", "-pk")
    http_method_names = ["get", "head", "post", "patch", "delete"]
    lookup_value_regex = "[0-9]{1,30}"
    parser_classes = [Parser]
    content_negotiation_class = AlwaysJson
    schema = Schema()

    def dispatch(self, request, *args, **kwargs):
        key = request.headers.get(idempotency.HEADER)
        if request.method != "POST" or not key or request.member is None:
            return super().dispatch(request, *args, **kwargs)
        work = super().dispatch
        try:
            return idempotency.once(request, key, lambda: work(request, *args, **kwargs))
        except Refusal as exc:
            return JsonResponse(refused(exc).data, status=exc.status)

    def get_queryset(self):
        return self.selected(self.model.objects.all())

    def selected(self, rows):
        """The rows with what their serializer needs beside them."""
        return rows

    def get_object(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    @property
    def member(self):
        """Who asks."""
        return self.request._request.member

    def cleaned(self, serializer_class=None, instance=None, partial=False):
        """The valid input of this request. Raises ValidationError."""
        make = serializer_class or self.get_serializer_class()
        serializer = make(instance, data=self.request.data, partial=partial, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def listed(self):
        """One page of the list."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def shown(self, row, status=200):
        """The row as it is now."""
        return Response(self.get_serializer(self.get_queryset().get(pk=row.pk)).data, status=status)


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A stored file; opened nowhere inside this site (rule 18)."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
