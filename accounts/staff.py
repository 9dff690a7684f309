"""Who may open a staff page."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import audit


def staff(right: str):
    """A page for members who hold `right`. Others: sign in first, start a business first, or 403 with a sentence."""

    def decorate(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.member is None:
                return redirect("accounts:business_create")
            if right not in request.rights:
                audit.note_refusal(request, audit.Event.RIGHT_MISSING)
                raise PermissionDenied(
                    _("Dafür fehlt Ihnen das Recht. Fragen Sie die Inhaberin oder den Inhaber Ihres Betriebs.")
                )
            return view(request, *args, **kwargs)

        wrapper.right = right  # type: ignore[attr-defined]  # read by tests/routes.py
        return wrapper

    return decorate
