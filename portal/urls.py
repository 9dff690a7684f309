"""Customers' pages: `/l/…` is the door, `/k/…` what lies behind it, the rest is public and of one business."""

from django.urls import path

from portal import views

app_name = "portal"

urlpatterns = [
    path("l/", views.enter, {"token": ""}, name="door"),
    path("l/<str:token>/", views.enter, name="enter"),
    path("k/<str:public_id>/", views.home, name="home"),
    path("k/<str:public_id>/plz/", views.gate, name="gate"),
    path("k/<str:public_id>/neuer-link/", views.renew, name="renew"),
    path("k/<str:public_id>/gesehen/", views.seen, name="seen"),
    path("k/<str:public_id>/nachricht/", views.ask, name="ask"),
    path("k/<str:public_id>/bild/<int:pk>/", views.picture, name="picture"),
    path("k/<str:public_id>/bild/<int:pk>/<int:edge>/", views.picture, name="picture_small"),
    # quote
    path("k/<str:public_id>/angebot/", views.quote, name="quote"),
    path("k/<str:public_id>/angebot.pdf", views.quote_pdf, name="quote_pdf"),
    path("k/<str:public_id>/summe/", views.total, name="total"),
    path("k/<str:public_id>/pruefen/", views.check, name="check"),
    path("k/<str:public_id>/beauftragen/", views.accept, name="accept"),
    path("k/<str:public_id>/beauftragt/", views.accepted, name="accepted"),
    path("k/<str:public_id>/ablehnen/", views.decline, name="decline"),
    path("k/<str:public_id>/agb/", views.terms, name="terms"),
    path("k/<str:public_id>/widerrufsbelehrung/", views.instruction, name="instruction"),
    # order
    path("k/<str:public_id>/auftrag/", views.order, name="order"),
    path("k/<str:public_id>/auftrag.pdf", views.order_pdf, name="order_pdf"),
    path("k/<str:public_id>/termin.ics", views.planned_day, name="planned_day"),
    path("k/<str:public_id>/termin/<int:pk>.ics", views.appointment, name="appointment"),
    path("k/<str:public_id>/datei/<int:pk>/", views.shared_file, name="shared_file"),
    path("k/<str:public_id>/widerruf/", views.withdraw, name="withdraw"),
    # invoice
    path("k/<str:public_id>/rechnung/", views.invoice, name="invoice"),
    path("k/<str:public_id>/rechnung.pdf", views.invoice_pdf, name="invoice_pdf"),
    path("k/<str:public_id>/rechnung.xml", views.invoice_xml, name="invoice_xml"),
    path("k/<str:public_id>/storno.pdf", views.cancellation_pdf, name="cancellation_pdf"),
    # public, without a link
    path("impressum/<slug:slug>/", views.imprint, name="imprint"),
    path("datenschutz/<slug:slug>/", views.privacy, name="privacy"),
    path("barrierefreiheit/<slug:slug>/", views.accessibility, name="accessibility"),
    path("widerruf/<slug:slug>/", views.withdraw_openly, name="withdraw_openly"),
]
