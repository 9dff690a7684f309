"""Headers of every answer, and refusals as pages."""

from django.shortcuts import render

from accounts.refusals import Refusal

CSP = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def headers(get_response):
    """Content security policy and cache rules. Pages of a business are never kept by a shared cache (P13)."""

    def middleware(request):
        response = get_response(request)
        policy = response.headers.get("Content-Security-Policy", CSP)
        if "frame-ancestors" not in policy:  # files have a stricter one of their own; nothing is shown in a frame (P21)
            policy = f"{policy}; frame-ancestors 'none'"
        if targets := getattr(response, "form_targets", ()):  # where a form of this page leads by way of a redirect
            policy = policy.replace("form-action 'self'", " ".join(["form-action 'self'", *targets]))
        response.headers["Content-Security-Policy"] = policy
        response.headers.setdefault(
            "Permissions-Policy", "geolocation=(), microphone=(self), camera=(self), browsing-topics=()"
        )
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def no_nulls(get_response):
    """Take NUL characters out of the query: no text holds one, and PostgreSQL refuses them with an error."""

    def middleware(request):
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\0" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "").replace("\0", "")
        return get_response(request)

    return middleware


class refusals:
    """A refused step becomes a page with status 409; views need not catch it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Refusal):
            return render(request, "409.html", {"message": exception.message}, status=exception.status)
        return None
