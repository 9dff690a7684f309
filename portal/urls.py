"""Customers' pages."""

from django.urls import path

from portal import views

app_name = "portal"

urlpatterns = [
    path("l/<str:token>/", views.enter, name="enter"),
]
