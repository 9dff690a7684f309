"""Staff pages of catalogue, quotes, orders and invoices."""

from django.urls import path

from billing import views

app_name = "billing"

urlpatterns = [
    path("leistungen/", views.catalogue_list, name="catalogue_list"),
    path("leistungen/neu/", views.catalogue_create, name="catalogue_create"),
    path("leistungen/suche/", views.catalogue_search, name="catalogue_search"),
    path("leistungen/<int:pk>/", views.catalogue_edit, name="catalogue_edit"),
    path("leistungen/<int:pk>/archivieren/", views.catalogue_archive, name="catalogue_archive"),
    path("leistungen/<int:pk>/wiederherstellen/", views.catalogue_unarchive, name="catalogue_unarchive"),
    path("angebote/", views.quote_list, name="quote_list"),
    path("angebote/neu/", views.quote_create, name="quote_create"),
    path("angebote/summen/", views.quote_preview_totals, name="quote_preview_totals"),
    path("angebote/<int:pk>/", views.quote_detail, name="quote_detail"),
    path("angebote/<int:pk>/bearbeiten/", views.quote_edit, name="quote_edit"),
    path("angebote/<int:pk>/vorschau/", views.quote_preview, name="quote_preview"),
    path("angebote/<int:pk>/pdf/", views.quote_pdf, name="quote_pdf"),
    path("angebote/<int:pk>/annahmeprotokoll/", views.acceptance_pdf, name="acceptance_pdf"),
    path("angebote/<int:pk>/senden/", views.quote_send, name="quote_send"),
    path("angebote/<int:pk>/zurueckziehen/", views.quote_retract, name="quote_retract"),
    path("angebote/<int:pk>/als-vorlage/", views.quote_duplicate, name="quote_duplicate"),
    path("angebote/<int:pk>/loeschen/", views.quote_delete, name="quote_delete"),
    path("angebote/<int:pk>/antworten/", views.quote_answer, name="quote_answer"),
    path("angebote/<int:pk>/links/", views.quote_link_create, name="quote_link_create"),
    path("angebote/<int:pk>/links/<int:link_pk>/sperren/", views.quote_link_revoke, name="quote_link_revoke"),
    path("auftraege/", views.order_list, name="order_list"),
    path("auftraege/<int:pk>/", views.order_detail, name="order_detail"),
    path("auftraege/<int:pk>/weiter/", views.order_move, name="order_move"),
    path("auftraege/<int:pk>/termin/", views.order_reschedule, name="order_reschedule"),
    path("auftraege/<int:pk>/zustaendig/", views.order_assign, name="order_assign"),
    path("auftraege/<int:pk>/antworten/", views.order_answer, name="order_answer"),
    path("auftraege/<int:pk>/pdf/", views.order_pdf, name="order_pdf"),
    path("auftraege/<int:pk>/rechnung/", views.invoice_draft, name="invoice_draft"),
    path("rechnungen/", views.invoice_list, name="invoice_list"),
    path("rechnungen/neu/", views.invoice_create, name="invoice_create"),
    path("rechnungen/<int:pk>/", views.invoice_detail, name="invoice_detail"),
    path("rechnungen/<int:pk>/bearbeiten/", views.invoice_edit, name="invoice_edit"),
    path("rechnungen/<int:pk>/vorschau/", views.invoice_preview, name="invoice_preview"),
    path("rechnungen/<int:pk>/stellen/", views.invoice_issue, name="invoice_issue"),
    path("rechnungen/<int:pk>/loeschen/", views.invoice_delete, name="invoice_delete"),
    path("rechnungen/<int:pk>/senden/", views.invoice_send, name="invoice_send"),
    path("rechnungen/<int:pk>/erinnern/", views.invoice_remind, name="invoice_remind"),
    path("rechnungen/<int:pk>/stornieren/", views.invoice_cancel, name="invoice_cancel"),
    path("rechnungen/<int:pk>/zahlungen/", views.payment_record, name="payment_record"),
    path("rechnungen/<int:pk>/antworten/", views.invoice_answer, name="invoice_answer"),
    path("rechnungen/<int:pk>/pdf/", views.invoice_pdf, name="invoice_pdf"),
    path("rechnungen/<int:pk>/xml/", views.invoice_xml, name="invoice_xml"),
    path("zahlungen/<int:pk>/zuruecknehmen/", views.payment_reverse, name="payment_reverse"),
]
