"""The tax case of a quote or an invoice and the answers that led there, as the API reads and writes them (R32)."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api_views import Day, PlainDecimal
from billing import tax_cases, tax_decisions
from billing.reverse_charge import Builder, Work
from billing.tax_decisions import Decision

PLACES = [name for name, _label in tax_decisions.PLACES]


def _country():
    message = gettext_lazy("Bitte geben Sie das Land mit zwei Buchstaben an, zum Beispiel DE.")
    return serializers.RegexField(r"^[A-Z]{2}\Z", required=False, error_messages={"invalid": message})


class TaxAnswersSerializer(serializers.Serializer):
    """What was answered about the tax of a document, and what it was judged by when it went out."""

    work = serializers.ChoiceField(choices=list(Work), required=False)
    builder = serializers.ChoiceField(choices=list(Builder), required=False)
    is_repair = serializers.BooleanField(required=False)
    is_private_sphere = serializers.BooleanField(required=False)
    agreed_on = Day(required=False)
    is_operator = serializers.BooleanField(required=False)
    kwp = PlainDecimal(max_digits=8, decimal_places=2, min_value=Decimal(0), required=False)
    pv_place = serializers.ChoiceField(choices=PLACES, required=False)
    exemption = serializers.CharField(max_length=30, required=False, help_text="A number of § 4 UStG: 12 a.")
    deliver_to = _country()
    proof = serializers.CharField(max_length=200, required=False)
    property_country = _country()
    ground = serializers.CharField(read_only=True)
    supplied_on = Day(read_only=True)
    net = PlainDecimal(max_digits=12, decimal_places=2, read_only=True)
    certificate = serializers.CharField(read_only=True)
    vat_id_check = serializers.CharField(read_only=True)

    def validate_exemption(self, typed):
        try:
            return tax_cases.exemption(typed)
        except ValueError:
            raise serializers.ValidationError(
                _("Bitte geben Sie eine Nummer von 8 bis 29 an, zum Beispiel 12 a.")
            ) from None

    def to_representation(self, decision):
        """Only what was said."""
        shown = super().to_representation(decision)
        return {name: value for name, value in shown.items() if value not in (None, "", False)}


@extend_schema_field(TaxAnswersSerializer)
class TaxAnswers(serializers.Field):
    """The answers as an object; the document keeps them as one text. Written whole: what is left out is not answered."""

    def to_internal_value(self, data):
        form = TaxAnswersSerializer(data=data)
        form.is_valid(raise_exception=True)
        return tax_decisions.to_json(Decision(**form.validated_data))

    def to_representation(self, value):
        return TaxAnswersSerializer(tax_decisions.from_json(value)).data
