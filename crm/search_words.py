"""The words of a business's contacts, from which the search guesses what was meant by one that is typed wrong."""

from accounts import current
from accounts.models import Business
from crm import folding
from crm.models import Customer, SearchWord

BATCH = 5000


def refresh_all() -> None:
    """Every night, for each business."""
    for business in Business.objects.order_by("pk").iterator():
        with current.working_for(business):
            refresh()


def refresh() -> None:
    """Know exactly the words of today's contacts: those of erased ones go, those that came in past the verbs come."""
    used: set[str] = set()
    for texts in Customer.objects.values_list("search_name", "city").iterator(chunk_size=BATCH):
        used |= folding.name_words(*texts)
    known = set(SearchWord.objects.values_list("word", flat=True).distinct())
    gone = sorted(known - used)
    for start in range(0, len(gone), BATCH):
        SearchWord.objects.filter(word__in=gone[start : start + BATCH]).delete()
    SearchWord.objects.learn(used - known)
