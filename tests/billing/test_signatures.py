"""A drawing is lines in a box, and nothing else (R90)."""

import pytest

from billing import signatures


def test_lines_in_the_box_are_kept_and_nothing_is_nothing():
    assert signatures.clean(" M 10 20 L 10 20\nL 600 200 M 0 0 L 1 1 ") == "M 10 20 L 10 20 L 600 200 M 0 0 L 1 1"
    assert signatures.clean("  ") == ""


@pytest.mark.parametrize(
    "text", ["L 1 1", "M 1 1", "M 1 1 L 601 1", "M 1 1 L 1 201", 'M 1 1 L 2 2"/><script>', "M 1 1 L 2 2" + " L 1 1" * 10_000]
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="drawn"):
        signatures.clean(text)
