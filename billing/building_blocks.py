"""What can be done with what is written again and again: templates of quotes, and rows of earlier quotes."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from billing import price_modes, quotes
from billing.documents.model import LineKind
from billing.models import Quote, QuoteLine, QuoteTemplate, TextBlock
from billing.rows import MOST_ROWS

# of quotes.FIELDS: what a quote says whoever gets it
SAVED = ("title", "closing", "mode", "discount_percent", "payment_terms", "kind")
# a picture belongs to one customer, and may show where he lives
ROW_SAVED = tuple(name for name in quotes.LINE_FIELDS if name != "picture")
_NUMBERS = {"quantity", "unit_price", "discount_percent", "vat_rate", "purchase_price"}
LONGEST_ROW_TEXT = 300


class NameTaken(Refusal):
    """There is a template of that name; replacing it must be meant."""


@dataclass(frozen=True)
class Block:
    """A title with the rows below it, or the rows above the first title."""

    title: QuoteLine | None
    rows: list[QuoteLine]


@transaction.atomic
def save_as_template(quote: Quote, *, name: str, replace: bool = False) -> QuoteTemplate:
    """Keep what a quote says as a template: without customer, site, pictures, dates and what is only for inside.

    Raises NameTaken for a name there is already, unless it is to be replaced.
    """
    name = " ".join(name.split())
    fields: dict = {each: getattr(quote, each) for each in SAVED}
    fields["discount_percent"] = f"{quote.discount_percent:f}"
    fields["intro"] = _without_greeting(quote)
    lines = [_row_as_json(row) for row in quote.lines.all()]
    known = QuoteTemplate.objects.select_for_update().filter(name=name).first()
    if known and not replace:
        raise NameTaken(_("Eine Vorlage „%(name)s“ gibt es schon.") % {"name": name}, field="name")
    template = known or QuoteTemplate(name=name)
    template.fields, template.lines = fields, lines
    template.save()
    return template


def start(template: QuoteTemplate, customer, *, by) -> Quote:
    """A new draft for a customer with what the template says."""
    fields = {name: value for name, value in template.fields.items() if name in SAVED}
    fields["discount_percent"] = Decimal(fields.get("discount_percent", 0))
    if fields.get("kind") == Quote.Kind.CONSTRUCTION and not customer.is_consumer:
        fields["kind"] = Quote.Kind.OFFER
    rest = template.fields.get("intro", "")
    fields["intro"] = f"{customer.greeting},\n\n{rest}" if rest else f"{customer.greeting},"
    lines = [_row_from_json(line) for line in template.lines]
    return quotes.create(customer, by=by, title=fields.pop("title", template.name), lines=lines, **fields)


@transaction.atomic
def rename(template: QuoteTemplate, *, name: str) -> None:
    """Give a template another name. Raises NameTaken for the name of another one."""
    name = " ".join(name.split())
    if QuoteTemplate.objects.filter(name=name).exclude(pk=template.pk).exists():
        raise NameTaken(_("Eine Vorlage „%(name)s“ gibt es schon.") % {"name": name}, field="name")
    template.name = name
    template.save(update_fields=["name"])


def blocks(quote: Quote) -> list[Block]:
    """The rows of a quote under their titles."""
    found = [Block(None, [])]
    for row in quote.lines.all():
        if row.kind == LineKind.SECTION:
            found.append(Block(row, []))
        else:
            found[-1].rows.append(row)
    return [block for block in found if block.title or block.rows]


@transaction.atomic
def copy_rows(draft: Quote, source: Quote, chosen: set[int], *, by) -> int:
    """Add rows of another quote to the end of a draft; a title brings all below it. Returns how many rows were added.

    Prices change to the draft's price mode. A set of alternatives of which only one row is taken is none any more.
    """
    picked: list[QuoteLine] = []
    for block in blocks(source):
        if block.title and block.title.pk in chosen:
            picked += [block.title, *block.rows]
        else:
            picked += [row for row in block.rows if row.pk in chosen]
    if not picked:
        raise Refusal(_("Bitte wählen Sie mindestens eine Zeile aus."), field="rows")
    stored = list(draft.lines.all())
    if len(stored) + len(picked) > MOST_ROWS:
        raise Refusal(_("Ein Beleg hat höchstens %(n)s Zeilen. Bitte teilen Sie ihn auf.") % {"n": MOST_ROWS})
    keeps_pictures = draft.customer_id == source.customer_id
    sets = [row.alternative_set for row in [*stored, *picked]]
    lines = []
    for row in picked:
        values = {name: getattr(row, name) for name in (quotes.LINE_FIELDS if keeps_pictures else ROW_SAVED)}
        values["unit_price"], values["cost_split"] = price_modes.converted(
            row.unit_price, row.cost_split, _rate_charged(draft, row), has=source.mode, wants=draft.mode
        )
        if sets.count(row.alternative_set) < 2:
            values |= {"alternative_set": "", "is_default": False}
        lines.append(values)
    kept = [{name: getattr(row, name) for name in quotes.LINE_FIELDS} for row in stored]
    quotes.change(draft, by=by, lines=[*kept, *lines])
    return len(lines)


def as_row(block: TextBlock) -> dict[str, str]:
    """A text block between the positions: its first line is the row's text, the rest its description."""
    first, _newline, rest = block.text.strip().partition("\n")
    text = Truncator(first.strip()).chars(LONGEST_ROW_TEXT)
    return {"text": text, "description": block.text.strip() if text != first.strip() else rest.strip()}


def _rate_charged(quote, row):
    return Decimal(0) if quote.business.is_small_business(on=quote.created_at.date()) else row.vat_rate


def _without_greeting(quote):
    greeting = f"{quote.customer.greeting},"
    return quote.intro.removeprefix(greeting).strip()


def _row_as_json(row):
    values = {name: getattr(row, name) for name in ROW_SAVED}
    return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in values.items()}


def _row_from_json(line):
    known = {name: value for name, value in line.items() if name in ROW_SAVED}
    return {name: Decimal(value) if name in _NUMBERS else value for name, value in known.items()}
