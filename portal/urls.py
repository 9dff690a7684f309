"""Customers' pages: `/l/…` is the door, `/k/…` what lies behind it, `/angebote/…/vor-ort/` a member's tablet in a customer's
hand; the rest is public and of one business.
"""

from django.urls import path, re_path

from portal import views

app_name = "portal"

urlpatterns = [
    path("l/", views.enter, {"token": ""}, name="door"),
    path("l/<str:token>/", views.enter, name="enter"),
    path("k/<str:public_id>/", views.home, name="home"),
    path("k/<str:public_id>/plz/", views.gate, name="gate"),
    path("k/<str:public_id>/code/", views.code, name="code"),
    path("k/<str:public_id>/code/neu/", views.code_send, name="code_send"),
    path("k/<str:public_id>/neuer-link/", views.renew, name="renew"),
    path("k/<str:public_id>/gesehen/", views.seen, name="seen"),
    path("k/<str:public_id>/nachrichten/", views.general, name="messages"),
    path("k/<str:public_id>/nachricht/", views.ask, name="ask"),
    path("k/<str:public_id>/nachricht/gelesen/", views.messages_read, name="messages_read"),
    path("k/<str:public_id>/nachricht/datei/<int:pk>/", views.message_file, name="message_file"),
    path("k/<str:public_id>/nachricht/datei/<int:pk>/<int:edge>/", views.message_file, name="message_file_small"),
    path("k/<str:public_id>/bild/<int:pk>/", views.picture, name="picture"),
    path("k/<str:public_id>/bild/<int:pk>/<int:edge>/", views.picture, name="picture_small"),
    # quote
    path("k/<str:public_id>/angebot/", views.quote, name="quote"),
    path("k/<str:public_id>/angebot.pdf", views.quote_pdf, name="quote_pdf"),
    path("k/<str:public_id>/angebot/aenderungen/", views.quote_changes, name="quote_changes"),
    path("k/<str:public_id>/angebot/fassung/<int:version>/", views.quote_version, name="quote_version"),
    path("k/<str:public_id>/angebot/fassung/<int:version>.pdf", views.quote_version_pdf, name="quote_version_pdf"),
    path("k/<str:public_id>/summe/", views.total, name="total"),
    path("k/<str:public_id>/pruefen/", views.check, name="check"),
    path("k/<str:public_id>/beauftragen/", views.accept, name="accept"),
    path("k/<str:public_id>/beauftragt/", views.accepted, name="accepted"),
    path("k/<str:public_id>/ablehnen/", views.decline, name="decline"),
    path("k/<str:public_id>/anderer-termin/", views.other_day, name="other_day"),
    path("k/<str:public_id>/wunsch/", views.wish, name="wish"),
    path("k/<str:public_id>/wunsch/danke/", views.wished, name="wished"),
    path("k/<str:public_id>/informationen/", views.information, name="information"),
    re_path(
        r"^k/(?P<public_id>[^/]+)/unterlagen/(?P<kind>information|instruction|terms)\.pdf$",
        views.contract_pdf,
        name="contract_pdf",
    ),
    path("k/<str:public_id>/baubeschreibung/", views.building_description, name="building_description"),
    path("k/<str:public_id>/agb/", views.terms, name="terms"),
    path("k/<str:public_id>/widerrufsbelehrung/", views.instruction, name="instruction"),
    path("l/<str:token>/nicht-erinnern/", views.stop_reminders, name="stop_reminders"),
    path("k/<str:public_id>/nicht-erinnern/", views.no_reminders, name="no_reminders"),
    # order
    path("k/<str:public_id>/auftrag/", views.order, name="order"),
    path("k/<str:public_id>/auftrag.pdf", views.order_pdf, name="order_pdf"),
    path("k/<str:public_id>/nachtrag/<int:pk>/", views.amendment, name="amendment"),
    path("k/<str:public_id>/abnahme/", views.sign_off, name="sign_off"),
    path("k/<str:public_id>/abnahmen/<int:pk>.pdf", views.sign_off_pdf, name="sign_off_pdf"),
    path("k/<str:public_id>/abnahme/bild/<int:pk>/", views.sign_off_picture, name="sign_off_picture"),
    path("k/<str:public_id>/termin.ics", views.planned_day, name="planned_day"),
    path("k/<str:public_id>/termin/<int:pk>.ics", views.appointment, name="appointment"),
    path("k/<str:public_id>/datei/<int:pk>/", views.shared_file, name="shared_file"),
    path("k/<str:public_id>/widerruf/", views.withdraw, name="withdraw"),
    # invoice
    path("k/<str:public_id>/rechnung/", views.invoice, name="invoice"),
    path("k/<str:public_id>/rechnung.pdf", views.invoice_pdf, name="invoice_pdf"),
    path("k/<str:public_id>/rechnung.xml", views.invoice_xml, name="invoice_xml"),
    path("k/<str:public_id>/storno.pdf", views.cancellation_pdf, name="cancellation_pdf"),
    path("k/<str:public_id>/girocode.png", views.invoice_code, name="invoice_code"),
    path("k/<str:public_id>/zahlung.pdf", views.receipt_pdf, name="receipt_pdf"),
    path("k/<str:public_id>/bezahlen/", views.pay, name="pay"),
    path("k/<str:public_id>/bezahlt/", views.paid, name="paid"),
    path("zahlungsmeldung/<slug:slug>/<str:provider>/", views.payment_message, name="payment_message"),
    # everything of one customer
    path("k/<str:public_id>/alle-unterlagen/", views.center_door, name="center_door"),
    path("k/<str:public_id>/unterlagen/", views.center, name="center"),
    path("k/<str:public_id>/oeffnen/", views.center_open, name="center_open"),
    path("k/<str:public_id>/verlassen/", views.center_leave, name="center_leave"),
    path("k/<str:public_id>/termine/<int:pk>.ics", views.center_appointment, name="center_appointment"),
    path("k/<str:public_id>/bilder/<int:pk>/", views.center_picture, name="center_picture"),
    path("k/<str:public_id>/bilder/<int:pk>/<int:edge>/", views.center_picture, name="center_picture_small"),
    path("k/<str:public_id>/dateien/<int:pk>/", views.center_file, name="center_file"),
    path("k/<str:public_id>/meine-daten/", views.center_data, name="center_data"),
    path("k/<str:public_id>/meine-daten/erreichen/", views.center_way, name="center_way"),
    path("k/<str:public_id>/meine-daten/herunterladen/", views.center_export, name="center_export"),
    path("k/<str:public_id>/meine-daten/daten.zip", views.center_export_file, name="center_export_file"),
    path("k/<str:public_id>/anfrage/", views.work_request, name="work_request"),
    path("k/<str:public_id>/anfrage/danke/", views.work_requested, name="work_requested"),
    # the tablet at the customer's, opened by a member
    path("angebote/<int:pk>/vor-ort/", views.acceptance_on_site, name="acceptance_on_site"),
    path("angebote/<int:pk>/vor-ort/summe/", views.acceptance_on_site_total, name="acceptance_on_site_total"),
    path("angebote/<int:pk>/vor-ort/pruefen/", views.acceptance_on_site_check, name="acceptance_on_site_check"),
    path("angebote/<int:pk>/vor-ort/danke/", views.acceptance_on_site_done, name="acceptance_on_site_done"),
    # public, without a link
    path("impressum/<slug:slug>/", views.imprint, name="imprint"),
    path("datenschutz/<slug:slug>/", views.privacy, name="privacy"),
    path("barrierefreiheit/<slug:slug>/", views.accessibility, name="accessibility"),
    path("widerruf/<slug:slug>/", views.withdraw_openly, name="withdraw_openly"),
    path("kundencenter/<slug:slug>/", views.center_public, name="center_public"),
    path("anfrage/<slug:slug>/", views.request_form, name="request_form"),
    path("anfrage/<slug:slug>/senden/", views.request_check, name="request_check"),
    path("anfrage/<slug:slug>/danke/", views.request_sent, name="request_sent"),
    # the office
    path("einstellungen/website/", views.settings_website, name="settings_website"),
]
