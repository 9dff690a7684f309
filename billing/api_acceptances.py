"""Acceptances and wishes over the API. What a customer does on his own page no program can do for him."""

import json

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api_views import BusinessViewSet, OwnRow, PlainDecimal
from accounts.rights import Right
from billing import choices, on_behalf
from billing.models import Acceptance
from crm.models import Attachment

SAID = [channel.value for channel in Acceptance.Channel if channel in on_behalf.SAID]


class ChoiceSerializer(serializers.Serializer):
    """What was chosen, by positions of the quote; what is not named keeps its preselection, options are not taken."""

    alternatives = serializers.DictField(
        child=serializers.CharField(max_length=12),
        required=False,
        default=dict,
        help_text="Set of alternatives -> position.",
    )
    options = serializers.ListField(child=serializers.CharField(max_length=12), required=False, default=list)
    quantities = serializers.DictField(
        child=serializers.IntegerField(min_value=1), required=False, default=dict,
        help_text="Position -> how many, for options that come in a number.",
    )  # fmt: skip


class OnBehalfSerializer(serializers.Serializer):
    """An acceptance that came on the phone, by letter, by mail or at the counter."""

    channel = serializers.ChoiceField(choices=SAID)
    name = serializers.CharField(max_length=120, help_text="Who said so.")
    arrived_at = serializers.DateTimeField(help_text="When it reached the business; not after the quote's last day.")
    choice = ChoiceSerializer(required=False)
    email = serializers.EmailField(
        required=False, allow_blank=True, default="", help_text="Where the confirmation goes. Empty: nowhere."
    )
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    proof = OwnRow(
        Attachment, required=False, allow_null=True, default=None,
        help_text="A file kept with the contact; required for `letter` and `email`.",
    )  # fmt: skip
    buyer_reference = serializers.CharField(required=False, allow_blank=True, default="", max_length=80)


class AcceptanceSerializer(serializers.Serializer):
    """How a quote was accepted. `by` is the member who took it down; null when the customer did it on his own page."""

    channel = serializers.ChoiceField(choices=Acceptance.Channel.choices, read_only=True)
    by = serializers.SerializerMethodField()
    name = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    accepted_at = serializers.DateTimeField(read_only=True)
    gross = PlainDecimal(max_digits=12, decimal_places=2, read_only=True)
    note = serializers.CharField(read_only=True)
    proof = serializers.IntegerField(source="proof_id", read_only=True, allow_null=True)
    has_signature = serializers.SerializerMethodField()
    withdrawal_until = serializers.DateField(read_only=True, allow_null=True)
    record_hash = serializers.CharField(read_only=True)
    chosen = serializers.SerializerMethodField()
    order = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "nullable": True})
    def get_by(self, acceptance):
        return str(acceptance.by) if acceptance.by else None

    def get_has_signature(self, acceptance) -> bool:
        return bool(acceptance.signature)

    @extend_schema_field(ChoiceSerializer)
    def get_chosen(self, acceptance):
        return json.loads(acceptance.record)["choice"]

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_order(self, acceptance):
        order = acceptance.quote.placed_order
        return order.pk if order else None


class ChangeRequestSerializer(serializers.Serializer):
    """What a customer would order instead (Kundenwunsch); never an order."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    unwanted = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Positions that are to go."
    )
    choice = ChoiceSerializer(read_only=True)
    text = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    answered_at = serializers.DateTimeField(read_only=True, allow_null=True)


class AcceptanceActions(BusinessViewSet):
    """What the collection of quotes can say and do about acceptances."""

    acceptance_rights = {
        "accept_on_behalf": Right.WRITE_DOCUMENTS,
        "acceptance": Right.SEE_MONEY,
        "change_requests": Right.SEE_MONEY,
    }

    @extend_schema(
        summary="Take down what a customer said elsewhere; places the order",
        request=OnBehalfSerializer,
        responses={201: AcceptanceSerializer},
    )
    @action(detail=True, methods=["post"], url_path="accept-on-behalf")
    def accept_on_behalf(self, request, pk):
        quote = self.get_object()
        said = self.cleaned(OnBehalfSerializer)
        said["choice"] = _choice(quote, said.get("choice") or {})
        on_behalf.place(quote, by=self.member, seen_hash=quote.document_hash, **said)
        return Response(AcceptanceSerializer(Acceptance.objects.get(quote=quote)).data, status=201)

    @extend_schema(summary="How it was accepted", responses=AcceptanceSerializer)
    @action(detail=True, methods=["get"])
    def acceptance(self, request, pk):
        quote = self.get_object()
        found = (
            Acceptance.objects.filter(quote=quote).select_related("by__user", "quote__order", "quote__amends").first()
        )
        if found is None:
            raise Http404
        return Response(AcceptanceSerializer(found).data)

    @extend_schema(
        summary="What the customer would order instead", responses=ChangeRequestSerializer(many=True), filters=False
    )
    @action(detail=True, methods=["get"], url_path="change-requests", pagination_class=None)
    def change_requests(self, request, pk):
        return Response(ChangeRequestSerializer(self.get_object().change_requests.all(), many=True).data)


def _choice(quote, said):
    """The choice of a request; a position that is not in the quote is refused at its field."""
    if quote.is_draft:
        return None
    document = quote.frozen_document
    fields = {}
    for name, rows in choices.sets(document).items():
        if name in said.get("alternatives", {}):
            fields[choices.field_name(rows[0].position)] = said["alternatives"].pop(name)
    for line in choices.options(document):
        if line.position in said.get("options", []):
            fields[choices.field_name(line.position)] = str(said.get("quantities", {}).get(line.position, 1))
    known = {line.position for line in choices.options(document)}
    try:
        choice = choices.parse(document, fields)
    except choices.NotAChoice:
        choice = None
    unknown = said.get("alternatives") or set(said.get("options", [])) - known
    if choice is None or unknown:
        sentence = _("Diese Auswahl gibt es in dem Angebot nicht. Bitte wählen Sie noch einmal.")
        raise serializers.ValidationError({"choice": [sentence]})
    return choice
