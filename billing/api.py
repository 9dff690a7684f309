"""Catalogue, quotes, orders and invoices over the API: clean the input, call the verb the browser calls, show the row."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api_views import PDF, BusinessViewSet, download
from accounts.refusals import Refusal
from accounts.rights import Right
from billing import api_filters as filters
from billing import api_serializers as shapes
from billing import api_versions as versions
from billing import invoices, orders, payments, quotes
from billing.api_acceptances import AcceptanceActions
from billing.api_versions import VersionActions
from billing.models import CatalogueItem, Invoice, Order, Payment, Quote
from crm import access, files


class NotRendered(Refusal):
    """The file is not there yet."""

    def __init__(self):
        super().__init__(_("Diese Datei gibt es noch nicht. Bitte versuchen Sie es gleich noch einmal."))


def stored_file(document, field, content_type):
    """A stored file of a document as a download. Raises NotRendered while there is none."""
    name = getattr(document, field)
    if not name:
        raise NotRendered
    try:
        content = files.read(name)
    except FileNotFoundError:
        raise NotRendered from None
    return download(content, f"{document.number}.{field}", content_type)


def open_links(document):
    """The open links to a document with their addresses, which are computed and not stored anywhere."""
    found = [
        {
            "url": access.url(link), "sent_to": link.sent_to, "way": link.way, "expires_at": link.expires_at,
            "seen_count": link.seen_count, "last_seen_at": link.last_seen_at,
        }
        for link in access.links_to(document)
        if link.is_open
    ]  # fmt: skip
    return Response(shapes.LinkSerializer(found, many=True).data)


LINKS = extend_schema(summary="Its open links for customers", responses=shapes.LinkSerializer(many=True), filters=False)


# --- catalogue ----------------------------------------------------------------------------------------------------------
@extend_schema_view(
    list=extend_schema(summary="List catalogue items"),
    retrieve=extend_schema(summary="One catalogue item"),
    create=extend_schema(summary="Create a catalogue item"),
    partial_update=extend_schema(summary="Change a catalogue item"),
    archive=extend_schema(summary="Take an item out of the catalogue", request=None),
)
class CatalogueViewSet(BusinessViewSet):
    """Services and articles."""

    model = CatalogueItem
    serializer_class = shapes.CatalogueSerializer
    filterset_class = filters.CatalogueFilter
    ordering = ("name", "pk")
    rights = {
        "list": Right.SEE_MONEY,
        "retrieve": Right.SEE_MONEY,
        "create": Right.WRITE_DOCUMENTS,
        "partial_update": Right.WRITE_DOCUMENTS,
        "archive": Right.WRITE_DOCUMENTS,
    }

    def list(self, request):
        return self.listed()

    def retrieve(self, request, pk):
        return self.shown(self.get_object())

    def create(self, request):
        return self.shown(CatalogueItem.objects.create(**self.cleaned()), status=201)

    def partial_update(self, request, pk):
        item = self.get_object()
        changes = self.cleaned(instance=item, partial=True)
        for name, value in changes.items():
            setattr(item, name, value)
        item.save(update_fields=list(changes))
        return self.shown(item)

    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        item = self.get_object()
        CatalogueItem.objects.filter(pk=item.pk, archived_at=None).update(archived_at=timezone.now())
        return self.shown(item)


# --- quotes -------------------------------------------------------------------------------------------------------------
@extend_schema_view(
    list=extend_schema(summary="List quotes", responses=shapes.QuoteSummarySerializer(many=True)),
    retrieve=extend_schema(summary="One quote with its rows"),
    create=extend_schema(summary="Create a draft"),
    partial_update=extend_schema(summary="Change a draft", request=shapes.QuoteChangeSerializer),
    destroy=extend_schema(summary="Throw a draft away"),
    send=extend_schema(
        summary="Number and freeze a draft, and mail each recipient a link",
        request=versions.SendSerializer,
        responses=shapes.QuoteSerializer,
    ),
    retract=extend_schema(summary="Take a sent quote back; its links close", request=None),
    pdf=extend_schema(summary="The PDF as sent", responses=PDF),
    links=LINKS,
)
class QuoteViewSet(VersionActions, AcceptanceActions):
    """Quotes."""

    model = Quote
    serializer_class = shapes.QuoteSerializer
    filterset_class = filters.QuoteFilter
    rights = {
        "list": Right.SEE_MONEY,
        "retrieve": Right.SEE_MONEY,
        "create": Right.WRITE_DOCUMENTS,
        "partial_update": Right.WRITE_DOCUMENTS,
        "destroy": Right.WRITE_DOCUMENTS,
        "send": Right.WRITE_DOCUMENTS,
        "retract": Right.WRITE_DOCUMENTS,
        "pdf": Right.SEE_MONEY,
        "links": Right.WRITE_DOCUMENTS,
        **AcceptanceActions.acceptance_rights,
        **VersionActions.version_rights,
    }

    def get_serializer_class(self):
        return shapes.QuoteSummarySerializer if self.action == "list" else shapes.QuoteSerializer

    def selected(self, rows):
        if self.action == "list":
            return rows
        return rows.select_related("customer", "business").prefetch_related("lines")

    def list(self, request):
        return self.listed()

    def retrieve(self, request, pk):
        return self.shown(self.get_object())

    def create(self, request):
        data = self.cleaned()
        return self.shown(quotes.create(data.pop("customer"), by=self.member, **data), status=201)

    def partial_update(self, request, pk):
        quote = self.get_object()
        quotes.change(quote, by=self.member, **self.cleaned(shapes.QuoteChangeSerializer, quote, partial=True))
        return self.shown(quote)

    def destroy(self, request, pk):
        quotes.delete_draft(self.get_object())
        return Response(status=204)

    @action(detail=True, methods=["post"])
    def send(self, request, pk):
        quote = self.get_object()
        quotes.send(quote, by=self.member, **self.cleaned(versions.SendSerializer))
        return self.shown(quote)

    @action(detail=True, methods=["post"])
    def retract(self, request, pk):
        quote = self.get_object()
        quotes.retract(quote, by=self.member)
        return self.shown(quote)

    @action(detail=True, methods=["get"])
    def pdf(self, request, pk):
        return stored_file(self.get_object(), "pdf", "application/pdf")

    @action(detail=True, methods=["get"], pagination_class=None)
    def links(self, request, pk):
        return open_links(self.get_object())


# --- orders -------------------------------------------------------------------------------------------------------------
@extend_schema_view(
    list=extend_schema(summary="List orders", responses=shapes.OrderSummarySerializer(many=True)),
    retrieve=extend_schema(summary="One order with its rows and its way"),
    move=extend_schema(
        summary="Take an order to its next state", request=shapes.MoveSerializer, responses=shapes.OrderSerializer
    ),
    pdf=extend_schema(summary="The order confirmation", responses=PDF),
    links=LINKS,
)
class OrderViewSet(BusinessViewSet):
    """Orders. They begin when a customer accepts a quote."""

    model = Order
    serializer_class = shapes.OrderSerializer
    filterset_class = filters.OrderFilter
    ordering = ("-placed_at", "-pk")
    rights = {
        "list": Right.SEE_ORDERS,
        "retrieve": Right.SEE_ORDERS,
        "move": Right.WRITE_DOCUMENTS,
        "pdf": Right.SEE_MONEY,
        "links": Right.WRITE_DOCUMENTS,
    }

    def get_serializer_class(self):
        return shapes.OrderSummarySerializer if self.action == "list" else shapes.OrderSerializer

    def selected(self, rows):
        if self.action == "list":
            return rows
        return rows.select_related("customer", "business").prefetch_related("lines", "milestones")

    def list(self, request):
        return self.listed()

    def retrieve(self, request, pk):
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def move(self, request, pk):
        order = self.get_object()
        orders.move(order, by=self.member, **self.cleaned(shapes.MoveSerializer))
        return self.shown(order)

    @action(detail=True, methods=["get"])
    def pdf(self, request, pk):
        return stored_file(self.get_object(), "pdf", "application/pdf")

    @action(detail=True, methods=["get"], pagination_class=None)
    def links(self, request, pk):
        return open_links(self.get_object())


# --- invoices -----------------------------------------------------------------------------------------------------------
@extend_schema_view(
    list=extend_schema(summary="List invoices", responses=shapes.InvoiceSummarySerializer(many=True)),
    retrieve=extend_schema(summary="One invoice with its rows"),
    create=extend_schema(
        summary="Create a draft, from an order or from rows",
        description="An order has one living invoice: when it is there already, it is answered with 200.",
        responses={200: shapes.InvoiceSerializer, 201: shapes.InvoiceSerializer},
    ),
    partial_update=extend_schema(summary="Change a draft", request=shapes.InvoiceChangeSerializer),
    destroy=extend_schema(summary="Throw a draft away"),
    issue=extend_schema(
        summary="Number and freeze a draft (Festschreibung)",
        request=shapes.IssueSerializer,
        responses=shapes.InvoiceSerializer,
    ),
    send=extend_schema(
        summary="Mail an issued invoice", request=shapes.ToSerializer, responses=shapes.InvoiceSerializer
    ),
    cancel=extend_schema(
        summary="Cancel an issued invoice; answers with the Stornorechnung",
        request=shapes.CancelSerializer,
        responses={201: shapes.InvoiceSerializer},
    ),
    reverse_payment=extend_schema(
        summary="Take a payment back", request=None, responses={201: shapes.PaymentSerializer}
    ),
    pdf=extend_schema(summary="The PDF as issued, with its XML inside (beside it for authorities)", responses=PDF),
    xml=extend_schema(
        summary="The e-invoice (CII, for authorities UBL)",
        responses={(200, "application/xml"): PDF[(200, "application/pdf")]},
    ),
    links=LINKS,
)
class InvoiceViewSet(BusinessViewSet):
    """Invoices and their cancellations."""

    model = Invoice
    serializer_class = shapes.InvoiceSerializer
    filterset_class = filters.InvoiceFilter
    rights = {
        "list": Right.SEE_MONEY,
        "retrieve": Right.SEE_MONEY,
        "create": Right.WRITE_DOCUMENTS,
        "partial_update": Right.WRITE_DOCUMENTS,
        "destroy": Right.WRITE_DOCUMENTS,
        "issue": Right.ISSUE_INVOICES,
        "send": Right.WRITE_DOCUMENTS,
        "cancel": Right.ISSUE_INVOICES,
        "payments": Right.SEE_MONEY,
        "record_payment": Right.ISSUE_INVOICES,
        "reverse_payment": Right.ISSUE_INVOICES,
        "pdf": Right.SEE_MONEY,
        "xml": Right.SEE_MONEY,
        "links": Right.WRITE_DOCUMENTS,
    }

    def get_serializer_class(self):
        return shapes.InvoiceSummarySerializer if self.action == "list" else shapes.InvoiceSerializer

    def selected(self, rows):
        if self.action == "list":
            return rows
        return rows.select_related("customer", "business", "order__quote").prefetch_related("lines")

    def list(self, request):
        return self.listed()

    def retrieve(self, request, pk):
        return self.shown(self.get_object())

    def create(self, request):
        data = self.cleaned()
        if order := data.get("order"):
            known = set(order.invoices.values_list("pk", flat=True))
            invoice = invoices.draft_from_order(order, by=self.member)
            return self.shown(invoice, status=200 if invoice.pk in known else 201)
        data.pop("order", None)
        return self.shown(invoices.create(data.pop("customer"), by=self.member, **data), status=201)

    def partial_update(self, request, pk):
        invoice = self.get_object()
        invoices.change(invoice, **self.cleaned(shapes.InvoiceChangeSerializer, invoice, partial=True))
        return self.shown(invoice)

    def destroy(self, request, pk):
        invoices.delete_draft(self.get_object())
        return Response(status=204)

    @action(detail=True, methods=["post"])
    def issue(self, request, pk):
        invoice = self.get_object()
        invoices.issue(invoice, by=self.member, **self.cleaned(shapes.IssueSerializer))
        return self.shown(invoice)

    @action(detail=True, methods=["post"])
    def send(self, request, pk):
        invoice = self.get_object()
        invoices.send(invoice, by=self.member, **self.cleaned(shapes.ToSerializer))
        return self.shown(invoice)

    @action(detail=True, methods=["post"])
    def cancel(self, request, pk):
        invoice = self.get_object()
        cancellation = invoices.cancel(invoice, by=self.member, **self.cleaned(shapes.CancelSerializer))
        return self.shown(cancellation, status=201)

    @extend_schema(summary="Its payments", responses=shapes.PaymentSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def payments(self, request, pk):
        return Response(self._payments(self.get_object().payments.all(), many=True))

    @extend_schema(
        summary="Book a payment", request=shapes.PaymentSerializer, responses={201: shapes.PaymentSerializer}
    )
    @payments.mapping.post
    def record_payment(self, request, pk):
        invoice = self.get_object()
        data = self.cleaned(shapes.PaymentSerializer)
        data.setdefault("received_on", timezone.localdate())
        return Response(self._payments(payments.record(invoice, by=self.member, **data)), status=201)

    @action(detail=True, methods=["post"], url_path="payments/(?P<payment_pk>[0-9]{1,30})/reverse")
    def reverse_payment(self, request, pk, payment_pk):
        payment = self.get_object().payments.filter(pk=payment_pk).first()
        if payment is None:
            raise Http404
        return Response(self._payments(payments.reverse(payment, by=self.member)), status=201)

    @action(detail=True, methods=["get"])
    def pdf(self, request, pk):
        return stored_file(self.get_object(), "pdf", "application/pdf")

    @action(detail=True, methods=["get"])
    def xml(self, request, pk):
        return stored_file(self.get_object(), "xml", "application/xml")

    @action(detail=True, methods=["get"], pagination_class=None)
    def links(self, request, pk):
        return open_links(self.get_object())

    def _payments(self, rows: Payment, many=False):
        return shapes.PaymentSerializer(rows, many=many, context=self.get_serializer_context()).data
