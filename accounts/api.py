"""What every part of the API stands on: who is there, what they may do, pages of lists, refusals as JSON.

The business is set by `accounts.middleware.current_business` before any view runs, for keys and for sessions alike.
Settings name these classes, and rest_framework's views read the settings while they are imported: so nothing here may
import views. Those are in accounts/api_views.py.
"""

import base64
import json
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Q
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import authentication, exceptions, pagination, permissions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.settings import api_settings

from accounts import audit
from accounts.refusals import Refusal

TEXTS = {
    exceptions.NotAuthenticated: gettext_lazy("Bitte weisen Sie sich mit einem API-Schlüssel aus."),
    exceptions.AuthenticationFailed: gettext_lazy("Dieser API-Schlüssel gilt nicht oder nicht mehr."),
    exceptions.PermissionDenied: gettext_lazy("Dafür fehlt Ihnen das Recht."),
    exceptions.NotFound: gettext_lazy("Nicht gefunden."),
    exceptions.MethodNotAllowed: gettext_lazy("Diese Methode gibt es hier nicht."),
    exceptions.ParseError: gettext_lazy("Die Anfrage ist kein gültiges JSON."),
    exceptions.UnsupportedMediaType: gettext_lazy("Bitte senden Sie JSON (Content-Type: application/json)."),
}


# --- who is there -------------------------------------------------------------------------------------------------------
class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer hs_…`, looked up by the middleware."""

    def authenticate(self, request):
        if "Authorization" not in request.headers:
            return None
        token = request._request.api_token
        if token is None:
            raise exceptions.AuthenticationFailed
        return token.member.user, token

    def authenticate_header(self, request):
        return 'Bearer realm="Handschlag"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with its CSRF token for everything that changes something."""

    def enforce_csrf(self, request):
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied:
            raise exceptions.PermissionDenied(_("Bitte senden Sie das CSRF-Token mit (X-CSRFToken).")) from None


class HasRight(permissions.BasePermission):
    """The right that the view names for this action; an action it does not name is allowed to nobody."""

    def has_permission(self, request, view):
        if not request.user or not request.user.is_authenticated:
            raise exceptions.NotAuthenticated
        token = request.auth
        if token is not None and token.is_read_only and request.method not in permissions.SAFE_METHODS:
            raise exceptions.PermissionDenied(_("Dieser API-Schlüssel darf nur lesen."))
        if request._request.member is None:
            raise exceptions.PermissionDenied(_("Zu diesem Zugang gehört kein Betrieb."))
        action = getattr(view, "action", None)
        if action in {None, "metadata"}:  # a method this address does not have: answered with 405
            return True
        if view.rights.get(action) in request._request.rights:
            return True
        audit.note_refusal(request._request, audit.Event.RIGHT_MISSING)
        return False


class IsMember(HasRight):
    """Any member of a business."""

    def has_permission(self, request, view):
        view.action = None
        return super().has_permission(request, view)


# --- lists and refusals -------------------------------------------------------------------------------------------------
class KeysetPagination(pagination.BasePagination):
    """Pages by position, not by number: page 900 costs what page 1 costs, and rows that come meanwhile move nothing.

    `ordering` of the view is a column and the primary key, both in the same direction. `next` is null on the last page.
    """

    size, largest = 50, 200

    def paginate_queryset(self, queryset, request, view=None):
        column, key = view.ordering
        step = "lt" if column.startswith("-") else "gt"
        name = column.lstrip("-")
        queryset = queryset.order_by(column, key)
        if cursor := request.query_params.get("cursor"):
            value, pk = self._read(cursor, queryset.model._meta.get_field(name))
            queryset = queryset.filter(Q(**{f"{name}__{step}": value}) | Q(**{name: value, f"pk__{step}": pk}))
        limit = self._limit(request)
        rows = list(queryset[: limit + 1])
        self.next = None
        if len(rows) > limit:
            rows = rows[:limit]
            self.next = self._url(request, getattr(rows[-1], name), rows[-1].pk)
        return rows

    def get_paginated_response(self, data):
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema):
        following = {"type": "string", "format": "uri", "nullable": True, "description": "Address of the next page."}
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": following, "results": schema},
        }

    def get_schema_operation_parameters(self, view):
        return [
            _parameter("limit", {"type": "integer", "minimum": 1}, "Rows per page, at most 200 (default 50)."),
            _parameter("cursor", {"type": "string"}, "Where the page begins; taken from `next`."),
        ]

    def _limit(self, request):
        wanted = request.query_params.get("limit", "")
        return min(max(int(wanted), 1), self.largest) if wanted.isdecimal() and len(wanted) < 12 else self.size

    def _read(self, cursor, field):
        try:
            value, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            if (isinstance(value, str) and "\0" in value) or not 0 < int(pk) < 2**63:
                raise ValueError(cursor)
            value = field.to_python(value)
            if isinstance(value, datetime):
                value = value.astimezone(UTC)
            return value, int(pk)
        except (ValueError, TypeError, OverflowError, RecursionError, DjangoValidationError):
            raise exceptions.ValidationError({"cursor": [_("Diese Seite gibt es nicht.")]}) from None

    def _url(self, request, value, pk):
        if isinstance(value, datetime):
            value = value.astimezone(UTC).isoformat()
        cursor = base64.urlsafe_b64encode(json.dumps([value, pk], default=str).encode()).decode()
        query: QueryDict = request.query_params.copy()
        query["cursor"] = cursor
        return f"{settings.PUBLIC_BASE_URL}{request.path}?{query.urlencode()}"


def _parameter(name, schema, description):
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def exception_handler(exc, context):
    """Refusals and mistakes as {"detail", …} in the language of the request; None lets a real error be one."""
    if isinstance(exc, Refusal):
        return refused(exc)
    if isinstance(exc, Http404):
        if audit.is_of_a_row(exc):
            audit.note_refusal(context["request"]._request, audit.Event.UNKNOWN_ID)
        exc = exceptions.NotFound()
    elif isinstance(exc, DjangoPermissionDenied):
        exc = exceptions.PermissionDenied()
    elif isinstance(exc, DjangoValidationError):
        exc = exceptions.ValidationError(get_error_detail(exc))
    if not isinstance(exc, exceptions.APIException):
        return None
    headers = {"WWW-Authenticate": exc.auth_header} if getattr(exc, "auth_header", None) else {}
    if isinstance(exc, exceptions.ValidationError):
        errors = exc.detail if isinstance(exc.detail, dict) else {api_settings.NON_FIELD_ERRORS_KEY: exc.detail}
        return Response({"detail": _("Bitte prüfen Sie Ihre Eingabe."), "errors": errors}, status=exc.status_code)
    is_default = str(exc.detail) == str(exc.default_detail) or isinstance(
        exc, exceptions.ParseError | exceptions.MethodNotAllowed | exceptions.UnsupportedMediaType
    )
    text = TEXTS.get(type(exc), exc.detail) if is_default else exc.detail
    return Response({"detail": str(text)}, status=exc.status_code, headers=headers)


def refused(exc: Refusal) -> Response:
    """A refused step as JSON; `problems` where several things must be filled in."""
    body = {"detail": exc.message}
    if exc.field:
        body["field"] = exc.field
    if problems := getattr(exc, "problems", None):
        body["problems"] = [{"field": field, "detail": sentence} for field, sentence in problems]
    return Response(body, status=exc.status)
