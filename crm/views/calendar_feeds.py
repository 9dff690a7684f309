"""Calendar feeds: the member's page, and the address that calendar programs fetch."""

import hashlib

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import http_date, parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import current
from accounts.rights import Right
from accounts.staff import staff
from crm import agenda, limits, link_pages
from crm import calendar_feeds as feeds
from crm.agenda_forms import FeedForm

FETCHES, WINDOW = 60, 600  # of one feed; programs ask every few minutes at most


@require_safe
@staff(Right.SEE_NOTES)
def calendar_feeds(request):
    """The feeds there are, and the form for a new one."""
    return _feeds(request, _form(request))


@require_POST
@staff(Right.WRITE_NOTES)
@reauthentication_required
def feed_create(request):
    """A new feed; its address is shown on this answer and never again."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _feeds(request, form, status=422)
    feed, address = feeds.create(request.member, **form.cleaned_data)
    return _feeds(request, _form(request), fresh=feed, address=address)


@require_POST
@staff(Right.WRITE_NOTES)
def feed_revoke(request, pk):
    """End a feed at once."""
    feed = get_object_or_404(feeds.of_member(request.member), pk=pk)
    feeds.revoke(feed)
    messages.success(request, _("Der Kalender „%(name)s“ ist gesperrt.") % {"name": feed.name})
    return redirect("crm:calendar_feeds")


@require_safe
def calendar_feed(request, token):
    """The calendar itself, for programs without a sign-in: the address is the key. Says the same for every unknown one."""
    feed = feeds.find(token)
    if feed is None:
        if limits.hits(f"feed:{limits.client_address(request)}", seconds=60) > link_pages.UNKNOWN_PER_MINUTE:
            return link_pages.too_many(limits.seconds_left(60))
        return HttpResponseNotFound(_("Diesen Kalender gibt es nicht."), content_type="text/plain; charset=utf-8")
    if limits.hits(f"feed:{feed.pk}", seconds=WINDOW) > FETCHES:
        return link_pages.too_many(limits.seconds_left(WINDOW))
    with current.working_for(feed.business), translation.override(feed.member.user.language or "de"):
        text, changed = feeds.content(feed)
        feeds.note_use(feed)
    body = text.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(changed.timestamp()),
        "Cache-Control": "private, max-age=300",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
    }
    if _is_known(request, etag):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def _is_known(request, etag):
    """Whether the program has this very calendar. Only the ETag says so: what was taken off is newer than no date."""
    return etag in [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]


def _form(request, data=None):
    return FeedForm(data, sees_all=agenda.sees_all(request.member))


def _feeds(request, form, status=200, **context):
    context |= {"form": form, "feeds": feeds.of_member(request.member)}
    response = render(request, "crm/calendar_feeds.html", context, status=status)
    if context.get("address"):
        response.headers["Cache-Control"] = "no-store"
    return response
