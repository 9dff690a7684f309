from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from accounts.scoping import ScopedManager, ScopedModel, ScopedQuerySet
from crm import folding

BATCH = 5000


class SearchWordQuerySet(ScopedQuerySet):
    """Words of one business."""

    def learn(self, words: Iterable[str]) -> None:
        """Remember words that are not known yet."""
        ordered = sorted(set(words))
        for start in range(0, len(ordered), BATCH):
            part = ordered[start : start + BATCH]
            known = set(self.filter(spelling__in=part, word=models.F("spelling")).values_list("word", flat=True))
            rows = [
                SearchWord(word=word, spelling=spelling)
                for word in part
                if word not in known
                for spelling in folding.spellings(word)
            ]
            self.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)

    def near(self, word: str) -> list[str]:
        """Known words from which this one differs by a letter (folding.is_near)."""
        found = self.filter(spelling__in=folding.spellings(word)).exclude(word=word).values_list("word", flat=True)
        return sorted({each for each in found[:500] if folding.is_near(each, word)})


class SearchWord(ScopedModel):
    """A word of names and towns, under each spelling that lacks one letter or none: what is typed wrong by a letter shares
    one of them with it (KON2). It says nothing about any contact, and goes when the last one with it is gone.
    """

    word = models.CharField(max_length=20)
    spelling = models.CharField(max_length=20)

    objects: ClassVar = ScopedManager.from_queryset(SearchWordQuerySet)()

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["business", "spelling", "word"], name="search_word_once")]

    def __str__(self):
        return self.word
