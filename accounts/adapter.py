"""How django-allauth behaves in this house."""

from urllib.parse import urljoin

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.rights import Role


class Adapter(DefaultAccountAdapter):
    """Links in mails start at the configured address, never at the Host header of a request (P44)."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # one sentence for both, so that nobody learns which addresses have an account
        "email_password_mismatch": _("E-Mail oder Passwort stimmt nicht."),
    }

    def get_email_confirmation_url(self, request, emailconfirmation):
        return self._absolute(super().get_email_confirmation_url(request, emailconfirmation))

    def get_reset_password_from_key_url(self, key):
        return self._absolute(super().get_reset_password_from_key_url(key))

    def send_mail(self, template_prefix, email, context):
        super().send_mail(template_prefix, email, {**context, "base_url": settings.PUBLIC_BASE_URL})

    def get_login_redirect_url(self, request):
        member = Member.objects.filter(user=request.user, is_active=True).order_by("created_at", "pk").first()
        if member is not None and member.role == Role.AUDITOR:
            return resolve_url(settings.AUDITOR_REDIRECT_URL)
        return super().get_login_redirect_url(request)

    @staticmethod
    def _absolute(url):
        path = "/" + url.split("://", 1)[-1].split("/", 1)[-1] if "://" in url else url
        return urljoin(settings.PUBLIC_BASE_URL + "/", path.lstrip("/"))
