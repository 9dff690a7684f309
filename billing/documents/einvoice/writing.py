"""How both syntaxes write elements, amounts and numbers."""

from collections.abc import Mapping
from decimal import Decimal

from lxml import etree


class Writer:
    """Writes children of one namespace after another's order; an empty text makes no element, for those are errors."""

    def __init__(self, namespaces: Mapping[str, str]):
        self._names = {prefix: f"{{{uri}}}" for prefix, uri in namespaces.items()}

    def add(self, node: etree._Element, name: str) -> etree._Element:
        """A new child that will hold others; `name` as in "ram:Name"."""
        return etree.SubElement(node, self._full(name))

    def put(self, node: etree._Element, name: str, text: str | None, **attributes: str) -> None:
        """A new child that holds a text, if there is one."""
        if text:
            found = etree.SubElement(node, self._full(name), dict(attributes))
            found.text = text

    def _full(self, name: str) -> str:
        prefix, _colon, local = name.partition(":")
        return self._names[prefix] + local


def serialized(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def cents(amount: Decimal) -> str:
    return f"{amount:.2f}"


def plain(value: Decimal, places: int = 0) -> str:
    """Without superfluous zeros and never in exponents, with at least `places` decimals."""
    text = f"{value.normalize() + 0:f}"
    decimals = len(text.partition(".")[2])
    return text if decimals >= places else f"{value:.{places}f}"
