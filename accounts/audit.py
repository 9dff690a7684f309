"""The record of what decides who may do what, and where money goes (R125, P51)."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import current
from accounts.models import AuditEntry, Business
from accounts.rights import Role

Event = AuditEntry.Event
AGAIN_AFTER = timedelta(hours=1)  # what somebody tries over and over is one entry an hour
BANNER = timedelta(hours=24)  # how long every settings page says that the bank details were changed


def record(business, event, *, by=None, **facts) -> AuditEntry:
    """Write one entry, in the caller's transaction. `by` is a member of that business."""
    with current.working_for(business):
        return AuditEntry.objects.create(
            event=event, by=by, facts={name: str(value) for name, value in facts.items()}, at=timezone.now()
        )


def note_refusal(request, event) -> None:
    """Somebody of the business asked for what is not theirs (P01, P12): once an hour for each, whatever they try.

    An id of another business and one that never was are the same to everybody, also here.
    """
    member, match = request.member, request.resolver_match
    if (
        member is None
        or AuditEntry.objects.filter(event=event, by=member, at__gt=timezone.now() - AGAIN_AFTER).exists()
    ):
        return
    record(member.business, event, by=member, page=match.view_name if match else "", method=request.method)


def is_of_a_row(exception) -> bool:
    """Whether a 404 comes from get_object_or_404: an id was asked for, not a file that is not there yet."""
    return "matches the given query" in str(exception)


def recent_bank_change() -> AuditEntry | None:
    """The change of the current business's bank details in the last 24 hours, for the banner; not their first entry."""
    return (
        AuditEntry.objects.filter(event=Event.BANK_CHANGED, at__gt=timezone.now() - BANNER)
        .exclude(facts__before="")
        .select_related("by__user")
        .first()
    )


def said(entry: AuditEntry) -> str:
    """What an entry was about, in words."""
    facts, words = entry.facts, []
    if "fields" in facts:
        words.append(", ".join(_label(name) for name in facts["fields"].split(", ")))
    words += [facts[name] for name in ("name", "email", "prefix", "page") if facts.get(name)]
    if facts.get("before") or facts.get("after"):
        words.append(" → ".join(_role(facts.get(name) or "–") for name in ("before", "after")))
    elif "role" in facts:
        words.append(_role(facts["role"]))
    return " · ".join(words)


def _label(name):
    if name == "small_business_periods":
        return _("Kleinunternehmer (§ 19 UStG)")
    return str(getattr(Business._meta.get_field(name), "verbose_name"))  # noqa: B009 - relations have none


def _role(value):
    return str(Role(value).label) if value in Role.values else value
