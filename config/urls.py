"""All addresses. Staff pages in German, customers' pages short."""

from django.urls import include, path
from django.views.i18n import set_language

from accounts.views import brand_css, business_logo
from config import pages, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("konto/", include("allauth.urls")),
    path("sprache/", set_language, name="set_language"),
    path("marke/<slug:slug>/<str:colour>.css", brand_css, name="brand_css"),
    path("marke/<slug:slug>/<str:key>.png", business_logo, name="business_logo"),
    path("api/", include("config.api")),
    path("", include("accounts.urls")),
    path("", pages.today, name="today"),
    path("", include("crm.urls")),
    path("", include("billing.urls")),
    path("", include("feedback.urls")),
    path("", include("portal.urls")),
]
