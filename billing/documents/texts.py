"""How a legal text is laid out: a heading, then parts with a title each. Pure; the page and the PDF use the same parts."""


def parts(text: str) -> tuple[str, list[tuple[str, str]]]:
    """(heading, [(title, body)]) of a text whose blocks are parted by empty lines."""
    heading, *blocks = text.strip().split("\n\n")
    return heading, [block.partition("\n")[::2] for block in blocks]
