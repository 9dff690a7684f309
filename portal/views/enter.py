"""The door: a link's token is exchanged for a short cookie, so that no later address carries it."""

from django.http import HttpResponse


def enter(request, token):
    return HttpResponse(status=404)
