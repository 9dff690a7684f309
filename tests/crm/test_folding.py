"""Spelling folded away."""

import pytest

from crm import folding


@pytest.mark.parametrize(
    ("texts", "folded"),
    [
        (["Müller"], " mueller "),
        (["Straße 4", "", "KÖLN"], " strasse 4 koeln "),
        (["Łukasz  Café"], " łukasz cafe "),
        ([""], "  "),
    ],
)
def test_one_line_of_lower_case_words(texts, folded):
    assert folding.fold(*texts) == folded


@pytest.mark.parametrize("spelling", ["0171 3920011", "+49 171 3920011", "0049 171/39 200-11", "(0171) 3920011"])
def test_every_spelling_of_a_number_is_the_same(spelling):
    assert folding.fold_phones(spelling) == "1713920011 "


@pytest.mark.parametrize(
    ("search", "words"),
    [("Jörg  Müller", ["joerg", "mueller"]), ("0171 392 00 11", ["1713920011"]), ("10214", ["10214"])],
)
def test_a_number_is_one_word(search, words):
    assert folding.words(search) == words
