"""How the API describes itself (OpenAPI): keys, idempotency, and the refusals every operation can answer with."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from accounts import current, idempotency
from accounts.models import Business


class Problem(serializers.Serializer):
    """One thing to mend."""

    field = serializers.CharField()
    detail = serializers.CharField()


class Error(serializers.Serializer):
    """A sentence for people; `field` names the input at fault, where there is one."""

    detail = serializers.CharField()
    field = serializers.CharField(required=False)


class InvalidInput(serializers.Serializer):
    """What is wrong with which field. Lines carry one object each."""

    detail = serializers.CharField()
    errors = serializers.DictField(child=serializers.JSONField(), required=False)


class NotReady(serializers.Serializer):
    """What must be filled in before this step can be taken."""

    detail = serializers.CharField()
    field = serializers.CharField(required=False)
    problems = Problem(many=True, required=False)


ANSWERS = {
    400: (InvalidInput, "The input is not valid."),
    401: (Error, "No key, or one that is unknown, expired or revoked."),
    403: (Error, "The role of the key's member does not allow this, or the key is read-only."),
    404: (Error, "Unknown, or of another business."),
    409: (Error, "The state of the document does not allow this step."),
    415: (Error, "The body is no JSON."),
    422: (NotReady, "Something must be filled in first, or the Idempotency-Key was used for another request."),
}


class Schema(AutoSchema):
    """Adds to each operation what it can be refused with."""

    def get_operation(self, *args, **kwargs):
        # selections of rows are looked at, none is read
        with current.working_for(Business(pk=0)):
            return super().get_operation(*args, **kwargs)

    def get_override_parameters(self):
        if self.method != "POST":
            return super().get_override_parameters()
        key = OpenApiParameter(
            idempotency.HEADER,
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            description="Up to 255 characters. The same request sent again under the same key is answered with the "
            "first answer and changes nothing; kept for 30 days.",
        )
        return [*super().get_override_parameters(), key]

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        for status in self._refusals():
            serializer, description = ANSWERS[status]
            response = OpenApiResponse(serializer, description)
            bodies.setdefault(str(status), self._get_response_for_code(response, str(status)))
        return dict(sorted(bodies.items()))

    def _refusals(self):
        unsafe = self.method not in {"GET", "HEAD"}
        wanted = {401, 403}
        if "{" in self.path:
            wanted |= {404}
        if unsafe:
            wanted |= {400, 409, 415}
        elif self._is_list_view():
            wanted |= {400}
        else:
            wanted |= {409}  # a file that is not there yet
        if self.method == "POST":
            wanted |= {422}
        return sorted(wanted)


class TokenScheme(OpenApiAuthenticationExtension):
    """A key from the settings."""

    target_class = "accounts.api.TokenAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "bearerFormat": "hs_…"}


class SessionScheme(OpenApiAuthenticationExtension):
    """The browser's own session; unsafe requests carry X-CSRFToken."""

    target_class = "accounts.api.SessionAuthentication"
    name = "Session"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
