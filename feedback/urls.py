"""What customers say: the office's overview, and the pages behind a customer's link."""

from django.urls import path

from feedback import views

app_name = "feedback"

urlpatterns = [
    path("feedback/", views.overview, name="overview"),
    path("feedback/fragen/<int:order_pk>/", views.request_send, name="request_send"),
    path("l/<str:token>/abmelden/", views.unsubscribe, name="unsubscribe"),
    path("k/<str:public_id>/meinung/", views.answer, name="answer"),
    path("k/<str:public_id>/meinung/danke/", views.thanks, name="thanks"),
    path("k/<str:public_id>/abmelden/", views.opt_out, name="opt_out"),
]
