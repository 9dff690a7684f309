"""Versions of quotes over the API: revise, extend, reopen, note as lost; and on which way a quote is sent."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.api_views import BusinessViewSet
from accounts.rights import Right
from billing import quotes
from billing.models import Quote
from crm.models import AccessLink

MOST = 20  # recipients of one sending
LONGEST_NOTE = 2000


class SendSerializer(serializers.Serializer):
    """Where a quote goes and with which words. Without an address nothing is mailed and `links` hands the link out,
    except for a new version: that goes to those who had the old one, unless a `way` is named.
    """

    to = serializers.EmailField(required=False, default="", allow_blank=True, max_length=254)
    recipients = serializers.ListField(
        child=serializers.EmailField(max_length=254), required=False, default=list, max_length=MOST,
        help_text="Several addresses; each gets a mail and a link of its own.",
    )  # fmt: skip
    way = serializers.ChoiceField(
        choices=AccessLink.Way.choices, required=False, allow_blank=True, default="",
        help_text="`link`, `qr` and `post` mail nothing.",
    )  # fmt: skip
    message = serializers.CharField(required=False, default="", allow_blank=True, max_length=20_000)
    version_note = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_NOTE,
        help_text="What is new in this version; the customer reads it.",
    )  # fmt: skip

    def validate(self, attrs):
        if attrs["way"] not in {"", AccessLink.Way.MAIL}:
            attrs["to"], attrs["recipients"] = "", []
        return attrs


class LoseSerializer(serializers.Serializer):
    """Why nothing came of a quote."""

    reason = serializers.ChoiceField(choices=Quote.Reason.choices)
    comment = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST_NOTE)


class ExtendSerializer(serializers.Serializer):
    """Until when; without it as long as a new quote."""

    valid_until = serializers.DateField(required=False, default=None, allow_null=True)


class VersionActions(BusinessViewSet):
    """What can be done with a quote that was sent."""

    version_rights = dict.fromkeys(("revise", "extend", "reopen", "lose"), Right.WRITE_DOCUMENTS)

    @extend_schema(
        summary="Begin the next version",
        description="Answers with its draft. One that is begun already is answered with 200. Until it is sent, the "
        "old version stays what it is.",
        request=None,
    )
    @action(detail=True, methods=["post"])
    def revise(self, request, pk):
        quote = self.get_object()
        known = Quote.objects.filter(revises=quote).exists()
        return self.shown(quotes.revise(quote, by=self.member), status=200 if known else 201)

    @extend_schema(
        summary="Send the same quote with a new last day to those who had it; answers with the new version",
        request=ExtendSerializer,
    )
    @action(detail=True, methods=["post"])
    def extend(self, request, pk):
        quote = self.get_object()
        return self.shown(quotes.extend(quote, by=self.member, **self.cleaned(ExtendSerializer)), status=201)

    @extend_schema(summary="Open a declined quote again", request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        quote = self.get_object()
        quotes.reopen(quote, by=self.member)
        return self.shown(quote)

    @extend_schema(summary="Note that nothing comes of a quote, and why", request=LoseSerializer)
    @action(detail=True, methods=["post"])
    def lose(self, request, pk):
        quote = self.get_object()
        quotes.lose(quote, by=self.member, **self.cleaned(LoseSerializer))
        return self.shown(quote)
