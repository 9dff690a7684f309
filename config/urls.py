"""All addresses. Staff pages in German, customers' pages short."""

from django.urls import include, path
from django.views.i18n import set_language

from config import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("konto/", include("allauth.urls")),
    path("sprache/", set_language, name="set_language"),
    path("", include("billing.urls")),
    path("", include("feedback.urls")),
    path("", include("portal.urls")),
]
