"""Construction contracts of consumers (Verbraucherbauvertrag, §§ 650i to 650n BGB, R91)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Quote

# EGBGB Art. 249 § 2 (1): what the building description must contain, where it is part of the work.
CONTENTS = (
    gettext_lazy("Gebäude: allgemeine Beschreibung, Haustyp und Bauweise"),
    gettext_lazy("Umfang der Leistungen, auch Planung, Bauleitung, Arbeiten am Grundstück und Baustelleneinrichtung"),
    gettext_lazy("Gebäudedaten, Pläne mit Flächen und Räumen, Ansichten, Grundrisse, Schnitte"),
    gettext_lazy("Energiestandard, Brandschutz, Schallschutz und Bauphysik"),
    gettext_lazy("Baukonstruktionen aller wesentlichen Gewerke"),
    gettext_lazy("Innenausbau"),
    gettext_lazy("Gebäudetechnische Anlagen"),
    gettext_lazy("Qualitätsmerkmale, denen das Gebäude genügen muss"),
    gettext_lazy("Sanitärgegenstände, Armaturen, Elektroanlage, Installationen, Informationstechnik, Außenanlagen"),
)


def is_construction(quote: Quote) -> bool:
    """Whether the rules for consumers' construction contracts hold."""
    return quote.kind == Quote.Kind.CONSTRUCTION and quote.customer.is_consumer


def problems(quote: Quote) -> list[tuple[str, str]]:
    """What the law wants before the customer may declare himself (§ 650j BGB): (field, sentence that says what to do)."""
    if not is_construction(quote):
        return []
    found = []
    if quote.building_description is None:
        sentence = _(
            "Für einen Verbraucherbauvertrag braucht der Kunde die Baubeschreibung. Bitte fügen Sie sie als PDF bei."
        )
        found.append(("building_description", sentence))
    if not quote.completion.strip():
        sentence = _("Bitte nennen Sie verbindlich, wann das Werk fertig ist, oder wie lange Sie bauen.")
        found.append(("completion", sentence))
    return found
