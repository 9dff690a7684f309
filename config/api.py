"""The addresses of the API, version 1, and its description."""

from django.conf import settings
from django.urls import include, path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from accounts.api import IsMember
from accounts.api_views import AlwaysJson
from billing.api import CatalogueViewSet, InvoiceViewSet, OrderViewSet, QuoteViewSet
from crm.api import ContactViewSet

COLLECTIONS = {
    "contacts": ContactViewSet,
    "catalogue": CatalogueViewSet,
    "quotes": QuoteViewSet,
    "orders": OrderViewSet,
    "invoices": InvoiceViewSet,
}

router = SimpleRouter()
for name, viewset in COLLECTIONS.items():
    router.register(name, viewset, basename=name.removesuffix("s"))


class Root(APIView):
    """Names the collections and their addresses."""

    permission_classes = [IsMember]
    content_negotiation_class = AlwaysJson
    http_method_names = ["get", "head"]

    @extend_schema(exclude=True)
    def get(self, request):
        here = settings.PUBLIC_BASE_URL + request.path
        return Response(
            {name: f"{here}{name}/" for name in COLLECTIONS} | {"schema": settings.PUBLIC_BASE_URL + "/api/schema/"}
        )


urlpatterns = [
    path("v1/", include(([path("", Root.as_view(), name="root"), *router.urls], "api"))),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
]
