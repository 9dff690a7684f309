"""Posts from a page of an earlier version of a quote: nothing happens, and the customer is shown what there is now (P29)."""

from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing.models import Quote
from crm import link_pages
from portal import changes

FIELD = "fassung"  # in every form about a quote: portal/version_mark.html
TYPED = ("text", "comment")
LONGEST = 5000


class Late(Refusal):
    """Something was posted about `old`, of which `new` has taken the place. Answers with a page of its own."""

    def __init__(self, old: Quote, new: Quote):
        super().__init__(_("Das Angebot wurde inzwischen geändert. Bitte prüfen Sie es noch einmal."))
        self.old, self.new = old, new

    def answer(self, request):
        """What happened, what it cost and costs, and what was typed, to send it all the same."""
        typed = next((request.POST[name].strip() for name in TYPED if request.POST.get(name, "").strip()), "")
        context = {
            "quote": self.new, "old": self.old, "message": self.message, "typed": typed[:LONGEST],
            "totals": changes.totals(self.old.frozen_document, self.new.frozen_document),
            "is_open": self.new.can_be_accepted,
        }  # fmt: skip
        return link_pages.render(request, "portal/late.html", context, status=self.status)


def refuse(request, quote: Quote, *, seen_hash: str = "") -> None:
    """Raise Late when what is posted was about an earlier version: by the hash of the document on the page, or by the
    version its form names.
    """
    said = request.POST.get(FIELD, "")
    if seen_hash:
        if seen_hash != quote.document_hash:
            _raise(quote, document_hash=seen_hash)
    elif said.isascii() and said.isdecimal() and len(said) < 5 and int(said) < quote.version:
        _raise(quote, version=int(said))


def refuse_replaced(quote: Quote) -> None:
    """Raise Late when a later version was sent in this very moment."""
    if quote.state == Quote.State.REPLACED:
        raise Late(quote, Quote.objects.of_number(quote.number).last())


def _raise(quote, **which):
    old = Quote.objects.of_number(quote.number).filter(version__lt=quote.version, **which).first()
    if old:
        raise Late(old, quote)
