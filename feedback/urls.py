"""What customers say: the office's overview."""

from django.urls import path

from feedback import views

app_name = "feedback"

urlpatterns = [
    path("feedback/", views.overview, name="overview"),
    path("feedback/fragen/<int:order_pk>/", views.request_send, name="request_send"),
]
