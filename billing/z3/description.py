"""index.xml: what stands in which file, in the description standard auditors' programs read (GDPdU, DTD of 2004-09-01)."""

from datetime import date

from lxml import etree

from billing.z3.tables import COUNT, DAY, TABLES, Table

DTD_NAME = "gdpdu-01-09-2004.dtd"

# The part of the standard's grammar that is used here, under the name readers expect beside index.xml.
DTD = """\
<!ELEMENT DataSet (Version, DataSupplier?, Media+)>
<!ELEMENT Version (#PCDATA)>
<!ELEMENT DataSupplier (Name, Location, Comment)>
<!ELEMENT Name (#PCDATA)>
<!ELEMENT Location (#PCDATA)>
<!ELEMENT Comment (#PCDATA)>
<!ELEMENT Media (Name, Table*)>
<!ELEMENT Table (URL, Name?, Description?, Validity?, UTF8?, (DecimalSymbol, DigitGroupingSymbol)?, Range?, VariableLength)>
<!ELEMENT URL (#PCDATA)>
<!ELEMENT Description (#PCDATA)>
<!ELEMENT Validity (Range, Format?)>
<!ELEMENT Range (From, To?)>
<!ELEMENT From (#PCDATA)>
<!ELEMENT To (#PCDATA)>
<!ELEMENT Format (#PCDATA)>
<!ELEMENT UTF8 EMPTY>
<!ELEMENT DecimalSymbol (#PCDATA)>
<!ELEMENT DigitGroupingSymbol (#PCDATA)>
<!ELEMENT VariableLength (ColumnDelimiter?, RecordDelimiter?, TextEncapsulator?,
  ((VariablePrimaryKey+, VariableColumn*) | VariableColumn+), ForeignKey*)>
<!ELEMENT ColumnDelimiter (#PCDATA)>
<!ELEMENT RecordDelimiter (#PCDATA)>
<!ELEMENT TextEncapsulator (#PCDATA)>
<!ELEMENT VariablePrimaryKey (Name, Description?, (Numeric | AlphaNumeric | Date))>
<!ELEMENT VariableColumn (Name, Description?, (Numeric | AlphaNumeric | Date))>
<!ELEMENT Numeric (Accuracy?)>
<!ELEMENT Accuracy (#PCDATA)>
<!ELEMENT AlphaNumeric EMPTY>
<!ELEMENT Date (Format?)>
<!ELEMENT ForeignKey (Name+, References)>
<!ELEMENT References (#PCDATA)>
"""


def index(*, name: str, place: str, comment: str, year: int) -> bytes:
    """The description of every table of a year's export."""
    root = etree.Element("DataSet")
    _add(root, "Version", "1.0")
    supplier = _add(root, "DataSupplier")
    for tag, text in (("Name", name), ("Location", place), ("Comment", comment)):
        _add(supplier, tag, text)
    media = _add(root, "Media")
    _add(media, "Name", f"Z3 {year}")
    for table in TABLES:
        _describe(media, table, year)
    return etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True,
        doctype=f'<!DOCTYPE DataSet SYSTEM "{DTD_NAME}">',
    )  # fmt: skip


def _describe(media, table: Table, year):
    found = _add(media, "Table")
    for tag, text in (("URL", table.file), ("Name", table.name), ("Description", table.about)):
        _add(found, tag, text)
    validity = _add(found, "Validity")
    span = _add(validity, "Range")
    _add(span, "From", date(year, 1, 1).isoformat())
    _add(span, "To", date(year, 12, 31).isoformat())
    _add(validity, "Format", "YYYY-MM-DD")
    _add(found, "UTF8")
    _add(found, "DecimalSymbol", ",")
    _add(found, "DigitGroupingSymbol", ".")
    _add(_add(found, "Range"), "From", "2")  # the first line are the names of the columns
    form = _add(found, "VariableLength")
    for tag, text in (("ColumnDelimiter", ";"), ("RecordDelimiter", "\r\n"), ("TextEncapsulator", '"')):
        _add(form, tag, text)
    for column in sorted(table.columns, key=lambda column: not column.is_key):
        one = _add(form, "VariablePrimaryKey" if column.is_key else "VariableColumn")
        _add(one, "Name", column.name)
        if column.kind == COUNT:
            _add(_add(one, "Numeric"), "Accuracy", str(column.places))
        elif column.kind == DAY:
            _add(_add(one, "Date"), "Format", "YYYY-MM-DD")
        else:
            _add(one, "AlphaNumeric")
    for column_name, other in table.refers:
        reference = _add(form, "ForeignKey")
        _add(reference, "Name", column_name)
        _add(reference, "References", other)


def _add(parent, tag, text=None):
    found = etree.SubElement(parent, tag)
    found.text = text
    return found
