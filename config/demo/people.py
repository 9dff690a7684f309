"""Who can sign in to the demo, and how."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Business, Member, User
from accounts.rights import Role
from crm import numbering
from crm.models import NumberRange

PASSWORD = "handschlag-demo"  # noqa: S105 - printed by bin/demo for everybody to see

HASELBACH, NORDLICHT, MOOS = "haselbach", "nordlicht", "moos"

MEMBERS = {
    HASELBACH: [
        ("jana@haselbach.example", "Jana Haselbach", Role.OWNER),
        ("lotte@haselbach.example", "Lotte Peters", Role.OFFICE),
        ("emre@haselbach.example", "Emre Aydin", Role.FIELD_WORKER),
        ("steuer@kanzlei-brook.example", "Kanzlei Brook", Role.TAX_ADVISER),
    ],
    NORDLICHT: [
        ("inga@nordlicht.example", "Inga Brodersen", Role.OWNER),
        ("ole@nordlicht.example", "Ole Thomsen", Role.FIELD_WORKER),
    ],
    MOOS: [("lina@moos.example", "Lina Moos", Role.OWNER)],
}


# Each firm has series of its own; documents of several firms can lie side by side.
SERIES = {NORDLICHT: "N", MOOS: "M"}


def own_series(business: Business) -> None:
    """Number ranges that begin with the firm's letter: "NRE-2026-0001"."""
    if letter := SERIES.get(business.slug):
        for kind, prefix in numbering.PREFIXES.items():
            for year in {timezone.localdate().year, (timezone.localdate() - timedelta(days=120)).year}:
                NumberRange.objects.create(kind=kind, year=year, prefix=letter + prefix)


def invite_all(business: Business) -> dict[str, Member]:
    """The members of a demo business by first name in lower case, with verified addresses."""
    found = {}
    for email, name, role in MEMBERS[business.slug]:
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, name=name)
        EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
        found[name.split()[0].lower()] = Member.objects.create(business=business, user=user, role=role)
    return found
