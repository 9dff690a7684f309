"""All addresses. Staff pages in German, customers' pages short."""

from django.urls import include, path

from config import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("konto/", include("allauth.urls")),
    path("", include("portal.urls")),
]
