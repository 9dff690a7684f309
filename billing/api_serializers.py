"""What the API reads and writes about catalogue items, quotes, orders, invoices and payments.

Amounts are decimal numbers as text. `LineSerializer` and its children clean the same input as billing/row_forms.py.
"""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.api_views import Day, OwnRow, PlainDecimal, Serializer
from billing import tax
from billing.api_tax import TaxAnswers
from billing.drafting import LARGEST_SUM
from billing.models import (
    CatalogueItem,
    Invoice,
    InvoiceLine,
    Milestone,
    Order,
    OrderLine,
    Payment,
    Quote,
    QuoteLine,
)
from billing.money import CostKind, WrongSplit, check_split
from billing.rows import MOST_ROWS
from billing.tax_cases import TaxCase
from crm.models import AccessLink, Attachment, Customer, Site

LONGEST_TEXT = 4000

LINE = (
    "id", "kind", "text", "description", "quantity", "unit", "unit_price", "discount_percent", "vat_rate", "cost_kind",
    "cost_split",
)  # fmt: skip


class VatRate(PlainDecimal):
    """A rate in percent that is in force today."""

    def __init__(self, **kwargs):
        super().__init__(max_digits=5, decimal_places=2, **kwargs)

    def to_internal_value(self, data):
        rate = super().to_internal_value(data)
        known = [vat.rate for vat in tax.vats_on(timezone.localdate())]
        if rate not in known:
            said = ", ".join(f"{each.normalize():f}" for each in known)
            raise serializers.ValidationError(
                _("Diesen Steuersatz gibt es nicht. Möglich sind: %(known)s.") % {"known": said}
            )
        return rate


class CostSplit(serializers.DictField):
    """The parts of a unit price by kind of cost; they add up to it. Empty: all of it is of `cost_kind` (R18)."""

    child = PlainDecimal(max_digits=12, decimal_places=4, min_value=Decimal(0))

    def to_internal_value(self, data):
        parts = super().to_internal_value(data)
        if unknown := set(parts) - set(CostKind):
            raise serializers.ValidationError(
                _("Diese Kostenart gibt es nicht: %(kind)s.") % {"kind": ", ".join(sorted(unknown))}
            )
        return {kind: f"{part.normalize():f}" for kind, part in parts.items() if part}


def check_cost_split(attrs, instance=None):
    """Refuse parts that do not add up to the unit price, as they would be after this change."""
    split = attrs.get("cost_split", getattr(instance, "cost_split", {}))
    price = attrs.get("unit_price", getattr(instance, "unit_price", Decimal(0)))
    try:
        check_split(price, {kind: Decimal(part) for kind, part in split.items()})
    except WrongSplit as wrong:
        said = {"sum": f"{(price - wrong.missing).normalize():f}", "price": f"{price.normalize():f}"}
        raise serializers.ValidationError(
            {"cost_split": [_("Die Aufteilung ergibt %(sum)s, der Einzelpreis ist %(price)s.") % said]}
        ) from None


def contact(**kwargs):
    """The customer of a document."""
    return OwnRow(
        Customer,
        source="customer",
        error_messages={"does_not_exist": gettext_lazy("Kunde nicht gefunden.")},
        **kwargs,
    )


class CatalogueSerializer(Serializer):
    """A service or an article; prices are net."""

    vat_rate = VatRate(required=False)
    cost_split = CostSplit(required=False)

    class Meta:
        model = CatalogueItem
        fields = (
            "id", "number", "name", "description", "unit", "unit_price", "purchase_price", "vat_rate", "cost_kind",
            "cost_split", "archived_at",
        )  # fmt: skip
        read_only_fields = ("id", "archived_at")
        extra_kwargs = {"description": {"max_length": LONGEST_TEXT}}

    def validate(self, attrs):
        check_cost_split(attrs, self.instance)
        return attrs


# --- rows ---------------------------------------------------------------------------------------------------------------
class LineSerializer(Serializer):
    """A row that can be written."""

    vat_rate = VatRate(required=False)
    cost_split = CostSplit(required=False)

    def validate(self, attrs):
        if not attrs.get("text", "").strip():
            raise serializers.ValidationError({"text": [_("Bitte beschreiben Sie die Leistung.")]})
        check_cost_split(attrs)
        return attrs


class QuoteLineSerializer(LineSerializer):
    """A row of a quote: fixed, optional, or one of the alternatives with the same `alternative_set`; so may be a title with
    all below it. Optional rows stand together by `option_group`; of one with `max_quantity` the customer says how many.
    """

    picture = OwnRow(Attachment, required=False, allow_null=True)

    class Meta:
        model = QuoteLine
        fields = (
            *LINE, "alternative_set", "is_default", "is_optional", "option_group", "max_quantity", "purchase_price", "picture",
        )  # fmt: skip
        read_only_fields = ("id",)
        extra_kwargs = {
            "description": {"max_length": LONGEST_TEXT},
            "max_quantity": {"min_value": 1, "max_value": 999},
        }

    def validate(self, attrs):
        attrs = super().validate(attrs)
        if attrs.get("alternative_set") and attrs.get("is_optional"):
            raise serializers.ValidationError(
                {
                    "is_optional": [
                        _("Eine Position ist entweder auf Wunsch oder eine von mehreren Ausführungen, nicht beides.")
                    ]
                }
            )
        return attrs

    def to_representation(self, instance):
        shown = super().to_representation(instance)
        if not self.rights.write_documents:
            shown["purchase_price"] = None
        return shown


class InvoiceLineSerializer(LineSerializer):
    """A row of an invoice. `vat_category`: S with a rate, Z for 0 %. What the customer owes himself, and what is exempt, the
    invoice's `tax_case` says for all rows.
    """

    quantity = PlainDecimal(
        max_digits=12, decimal_places=3, min_value=Decimal("0.001"), max_value=Decimal("9999999.99"), required=False
    )
    vat_category = serializers.ChoiceField(choices=["S", "Z"], required=False)

    class Meta:
        model = InvoiceLine
        fields = (*LINE, "vat_category")
        read_only_fields = ("id",)
        extra_kwargs = {"description": {"max_length": LONGEST_TEXT}}

    def validate(self, attrs):
        attrs = super().validate(attrs)
        category = attrs.get("vat_category")
        if category and (category == "S") != bool(attrs.get("vat_rate", 19)):
            raise serializers.ValidationError({"vat_category": [_("Steuerart und Steuersatz passen nicht zusammen.")]})
        return attrs


class OrderLineSerializer(Serializer):
    """A row the customer ordered; prices only for those who may see money."""

    unit_price = PlainDecimal(max_digits=12, decimal_places=4, allow_null=True, read_only=True)
    cost_split = CostSplit(allow_null=True, read_only=True)

    class Meta:
        model = OrderLine
        fields = LINE
        read_only_fields = LINE

    def to_representation(self, instance):
        shown = super().to_representation(instance)
        if not self.rights.see_money:
            shown["unit_price"] = shown["cost_split"] = None
        return shown


def check_rows(rows):
    """Limits of one document: how many rows, and how much money."""
    if len(rows) > MOST_ROWS:
        raise serializers.ValidationError(
            [_("Ein Beleg hat höchstens %(n)s Zeilen. Bitte teilen Sie ihn auf.") % {"n": MOST_ROWS}]
        )
    total = sum((row.get("quantity", 1) * row.get("unit_price", Decimal(0)) for row in rows), Decimal(0))
    if total > LARGEST_SUM:
        raise serializers.ValidationError([_("Die Summe ist zu groß. Bitte prüfen Sie Mengen und Preise.")])
    return rows


class DocumentSerializer(Serializer):
    """What quotes and invoices have in common."""

    def validate_lines(self, rows):
        return check_rows(rows)

    def validate(self, attrs):
        customer = attrs.get("customer") or getattr(self.instance, "customer", None)
        site = attrs.get("site")
        if site is not None and customer is not None and site.customer_id != customer.pk:
            raise serializers.ValidationError({"site": [_("Nicht gefunden.")]})
        return attrs


# --- quotes -------------------------------------------------------------------------------------------------------------
class QuoteSummarySerializer(DocumentSerializer):
    """A quote without its rows."""

    contact = contact()
    site = OwnRow(Site, required=False, allow_null=True)
    tax_case = serializers.ChoiceField(choices=list(TaxCase), required=False)
    tax_answers = TaxAnswers(source="tax_decision", required=False)

    class Meta:
        model = Quote
        read_only_fields = (
            "id", "number", "version", "revises", "version_note", "state", "gross", "sent_at", "decided_at", "decline_reason",
            "decline_comment", "created_at", "updated_at",
        )  # fmt: skip
        fields = (
            *read_only_fields, "contact", "title", "intro", "closing", "mode", "discount_percent", "valid_until", "site",
            "payment_terms", "internal_note", "kind", "negotiation", "completion", "tax_case", "tax_answers",
        )  # fmt: skip
        extra_kwargs = {name: {"max_length": LONGEST_TEXT} for name in ("intro", "closing", "internal_note")} | {
            "valid_until": {"required": False}
        }

    def validate(self, attrs):
        attrs = super().validate(attrs)
        customer = attrs.get("customer") or getattr(self.instance, "customer", None)
        if attrs.get("kind") == Quote.Kind.CONSTRUCTION and customer is not None and not customer.is_consumer:
            raise serializers.ValidationError(
                {"kind": [_("Einen Verbraucherbauvertrag gibt es nur mit Verbrauchern.")]}
            )
        return attrs

    def to_representation(self, instance):
        shown = super().to_representation(instance)
        if not self.rights.write_documents:
            shown["internal_note"] = ""
        return shown


class QuoteSerializer(QuoteSummarySerializer):
    """A quote with its rows; `lines` replaces all of them."""

    lines = QuoteLineSerializer(many=True, required=False)

    class Meta(QuoteSummarySerializer.Meta):
        fields = (*QuoteSummarySerializer.Meta.fields, "lines")


class QuoteChangeSerializer(QuoteSerializer):
    """Changes to a draft. The customer stays."""

    contact = contact(read_only=True)
    seen_at = serializers.DateTimeField(
        write_only=True,
        required=False,
        help_text="`updated_at` of the quote this change is based on; refused with 409 when it was changed since.",
    )

    class Meta(QuoteSerializer.Meta):
        fields = (*QuoteSerializer.Meta.fields, "seen_at")


# --- orders -------------------------------------------------------------------------------------------------------------
class OrderSummarySerializer(Serializer):
    """An order without its rows; amounts only for those who may see money."""

    contact = contact(read_only=True)
    gross = PlainDecimal(max_digits=12, decimal_places=2, allow_null=True, read_only=True)

    class Meta:
        model = Order
        fields = (
            "id", "number", "contact", "quote", "title", "state", "gross", "buyer_reference", "site", "planned_on",
            "assignee", "completed_on", "placed_at", "changed_at",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance):
        shown = super().to_representation(instance)
        if not self.rights.see_money:
            shown["gross"] = None
        return shown


class MilestoneSerializer(Serializer):
    """When a step of the way was planned and reached; `step` is empty for one that is ticked by hand."""

    label = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Milestone
        fields = ("step", "label", "planned_on", "reached_at", "note")
        read_only_fields = fields


class OrderSerializer(OrderSummarySerializer):
    """An order with its rows and its way."""

    lines = OrderLineSerializer(many=True, read_only=True)
    milestones = MilestoneSerializer(many=True, read_only=True)

    class Meta(OrderSummarySerializer.Meta):
        fields = (*OrderSummarySerializer.Meta.fields, "lines", "milestones")
        read_only_fields = fields


class MoveSerializer(serializers.Serializer):
    """An order's next step. Invoicing and withdrawal have their own ways."""

    to = serializers.ChoiceField(choices=["scheduled", "started", "completed", "cancelled"])
    planned_on = Day(required=False, allow_null=True, default=None, help_text="The date, for `scheduled`.")
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=300)
    tell = serializers.BooleanField(required=False, default=True, help_text="Mail the customer.")


# --- invoices and payments ----------------------------------------------------------------------------------------------
class InvoiceSummarySerializer(DocumentSerializer):
    """An invoice without its rows."""

    contact = contact(required=False)
    order = OwnRow(Order, required=False, allow_null=True)
    open_amount = PlainDecimal(max_digits=12, decimal_places=2, read_only=True)
    tax_case = serializers.ChoiceField(choices=list(TaxCase), required=False)
    tax_answers = TaxAnswers(source="tax_decision", required=False)

    class Meta:
        model = Invoice
        read_only_fields = (
            "id", "kind", "number", "state", "cancels", "corrects", "issued_on", "due_on", "net", "tax", "gross", "paid",
            "paid_on", "open_amount", "reason", "send_to", "sent_at", "created_at", "updated_at",
        )  # fmt: skip
        fields = (
            *read_only_fields, "contact", "order", "title", "intro", "mode", "discount_percent", "service_from",
            "service_until", "payment_days", "buyer_reference", "is_property_work", "is_construction",
            "skonto_percent", "skonto_days", "retention_percent", "retention_until", "tax_case", "tax_answers",
        )  # fmt: skip
        extra_kwargs = {
            "skonto_days": {"max_value": 60, "min_value": 0},
            "title": {"required": False},
            "intro": {"max_length": LONGEST_TEXT},
            "payment_days": {"max_value": 60, "min_value": 0},
        }


class InvoiceSerializer(InvoiceSummarySerializer):
    """An invoice with its rows: either `order` alone, or `contact`, `title` and `lines`."""

    lines = InvoiceLineSerializer(many=True, required=False)

    class Meta(InvoiceSummarySerializer.Meta):
        fields = (*InvoiceSummarySerializer.Meta.fields, "lines")

    def validate(self, attrs):
        attrs = super().validate(attrs)
        if attrs.get("order"):
            if set(attrs) - {"order"}:
                raise serializers.ValidationError(
                    {"order": [_("Aus einem Auftrag wird alles übernommen. Bitte senden Sie nur order.")]}
                )
            return attrs
        missing = {name for name in ("contact", "title") if (name if name != "contact" else "customer") not in attrs}
        if missing:
            raise serializers.ValidationError({name: [_("Dieses Feld ist erforderlich.")] for name in sorted(missing)})
        return attrs


class InvoiceChangeSerializer(InvoiceSummarySerializer):
    """Changes to a draft. Customer and order stay; `lines` replaces all rows."""

    contact = contact(read_only=True)
    order = OwnRow(Order, read_only=True)
    lines = InvoiceLineSerializer(many=True, required=False)

    class Meta(InvoiceSummarySerializer.Meta):
        fields = (*InvoiceSummarySerializer.Meta.fields, "lines")


class IssueSerializer(serializers.Serializer):
    """Where the invoice is mailed once its files are made; empty: nowhere."""

    send_to = serializers.EmailField(required=False, default="", allow_blank=True, max_length=254)


class ToSerializer(serializers.Serializer):
    """Who gets the mail."""

    to = serializers.EmailField(max_length=254)


class CancelSerializer(IssueSerializer):
    """Why an invoice is cancelled."""

    reason = serializers.CharField(max_length=200)


class PaymentSerializer(Serializer):
    """Money that came in; a negative one takes another back."""

    received_on = Day(required=False)

    class Meta:
        model = Payment
        fields = ("id", "amount", "received_on", "method", "note", "reverses", "created_at")
        read_only_fields = ("id", "reverses", "created_at")


class LinkSerializer(serializers.Serializer):
    """A customer's link that is open."""

    url = serializers.CharField()
    sent_to = serializers.CharField(allow_blank=True)
    way = serializers.ChoiceField(choices=AccessLink.Way.choices)
    expires_at = serializers.DateTimeField()
    seen_count = serializers.IntegerField()
    last_seen_at = serializers.DateTimeField(allow_null=True)
