"""Public holidays of a business: those of its Land, and those that only parts of the Land keep.

The days come from the library `holidays`, which knows since when each holds (Berlin 8 March since 2019, Thuringia 20
September since 2019, the north 31 October since 2018, Berlin once 8 May 2025). What depends on the place within a Land
cannot be told from the Land: the business says so itself (LOCAL).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Local:
    """A holiday of a part of a Land: a day of the year, or so many days after Easter Sunday."""

    land: str
    name: str
    label: Promise
    month: int = 0
    day: int = 0
    after_easter: int = 0

    def on(self, year: int) -> date:
        if self.after_easter:
            return _easter(year) + timedelta(days=self.after_easter)
        return date(year, self.month, self.day)


LOCAL = {
    # Art. 1 (1) no. 2 FTG Bayern: where more Catholics than Protestants live, 1,708 of 2,056 municipalities
    "assumption": Local("BY", "Mariä Himmelfahrt", _("Mariä Himmelfahrt (15. August, überwiegend katholische Gemeinden)"), 8, 15),
    # Art. 1 (2) FTG Bayern: in the town of Augsburg alone
    "peace": Local("BY", "Augsburger Hohes Friedensfest", _("Augsburger Friedensfest (8. August, Stadt Augsburg)"), 8, 8),
    # § 1 (1) SächsSFG with the regulation on Corpus Christi: Catholic places of the Sorbs
    "corpus_sn": Local("SN", "Fronleichnam", _("Fronleichnam (Orte im Landkreis Bautzen)"), after_easter=60),
    # § 2 (2) ThürFGtG: Eichsfeld and places in two neighbouring districts
    "corpus_th": Local("TH", "Fronleichnam", _("Fronleichnam (Eichsfeld und einige Orte in der Nähe)"), after_easter=60),
}  # fmt: skip


def name_of(day: date, land: str, local: tuple[str, ...] = ()) -> str:
    """What the holiday on this day is called; empty on other days. Without a Land only those of all Germany count."""
    return of_year(day.year, land, tuple(local)).get(day, "")


@lru_cache(maxsize=64)
def of_year(year: int, land: str, local: tuple[str, ...] = ()) -> dict[date, str]:
    """The holidays of a year with their German names."""
    from holidays.countries.germany import Germany  # 0.1 s to import; only who plans needs it

    found = dict(Germany(subdiv=land or None, years=year, language="de").items())
    for key in local:
        if key in LOCAL and LOCAL[key].land == land:
            found.setdefault(LOCAL[key].on(year), LOCAL[key].name)
    return found


def local_of(land: str) -> dict[str, Local]:
    """The holidays that only parts of this Land keep."""
    return {key: local for key, local in LOCAL.items() if local.land == land}


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    rest = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + rest - 7 * ((a + 11 * h + 22 * rest) // 451) + 114, 31)
    return date(year, month, day + 1)
