"""The sentences of the procedure documentation (Verfahrensdokumentation, R55) that do not depend on settings.

Written for German tax offices, so German in every language of the pages and outside gettext; what is set in this
business comes from billing/procedure.py. Each block: a heading, a line end, the text.
"""

TITLE = "Verfahrensdokumentation"

GENERAL = """\
Mit Handschlag schreibt der Betrieb Angebote, Aufträge und Rechnungen, bucht Zahlungen und mahnt. Ein Geschäft läuft so: \
Angebot, Annahme durch den Kunden (mit Annahmeprotokoll), Auftrag, Abnahme, Rechnung, Zahlung. Jeder Beleg nennt den, aus \
dem er entstanden ist; von jeder Zahlung führt der Weg zurück zum angenommenen Angebot und umgekehrt."""

FIXING = """\
Ein Angebot wird beim Senden, ein Auftrag beim Erteilen, eine Rechnung beim Stellen festgeschrieben. In derselben \
Datenbanktransaktion erhält die Rechnung ihre Nummer und ein Abbild aller Angaben (Anschriften, Positionen, Steuer) mit \
Prüfsumme (SHA-256). Danach verhindern Sperren in der Datenbank selbst (Trigger), dass Beleg, Zahlung oder Journal \
geändert oder gelöscht werden. Fehler werden durch Storno, Berichtigung oder Rücknahme richtiggestellt; beide Stände \
bleiben lesbar."""

JOURNAL = """\
Jeder Schritt steht im Journal: wer, wann, was, auf welchem Weg. Das gilt auch für Stammdaten (Rechts-, Steuer- und \
Bankangaben, Nummernkreise, Kunden mit Auftrag, Preise) mit altem und neuem Wert. Jeder Eintrag enthält die Prüfsumme \
seines Vorgängers. „manage.py verify“ rechnet alle Prüfsummen nach (Journal, Belege, Dateien, Texte) und nennt die erste \
Stelle, die nicht stimmt."""

PERIODS = """\
Abgeschlossene Zeiträume nehmen keine Buchung mehr auf. Ein Abschluss lässt sich nicht zurücknehmen, auch nicht von der \
Inhaberin oder dem Inhaber; er steht im Journal und im Protokoll."""

NUMBERS = """\
Eine Nummer wird erst vergeben, wenn der Beleg festgeschrieben wird, unter einer Sperre in derselben Transaktion. Wird \
der Schritt abgewiesen, fällt die Nummer zurück; Lücken entstehen nicht. Ein Bericht nennt trotzdem fehlende Nummern."""

PAPERS = """\
Zu jeder Rechnung werden einmal eine PDF-Datei (PDF/A-3) und eine strukturierte Rechnung nach EN 16931 geschrieben und mit \
Prüfsumme abgelegt; später werden stets dieselben Bytes ausgegeben. Eingangsrechnungen werden unverändert aufbewahrt."""

ACCESS = """\
Anmeldung mit E-Mail-Adresse und Passwort, auf Wunsch mit zweitem Faktor. Jedes Mitglied hat eine Rolle; was sie darf, \
steht in der Tabelle. Für die Betriebsprüfung gibt es eine eigene Rolle: nur lesen, nur die geprüften Jahre, jeder Abruf \
steht im Protokoll."""

BACKUP = """\
Gesichert werden die Datenbank, das Verzeichnis der Dateien und der geheime Schlüssel. Nach jeder Rücksicherung zeigt \
„manage.py verify“, ob alle Belege und Dateien unverändert da sind. Wer sichert, wie oft und wohin, hält der Betrieb hier \
als Anlage fest."""

HANDING_OVER = """\
Z1: Lesezugriff mit der Rolle Betriebsprüfung. Z3: je Jahr eine ZIP-Datei mit CSV-Tabellen, index.xml nach dem \
Beschreibungsstandard, allen Belegen, dem Journal und Prüfsummen. Sie ist ohne Handschlag lesbar und lässt sich mit \
„manage.py z3_import“ verlustfrei wieder einlesen."""

CASH = """\
Handschlag ist keine Kasse (§ 146a AO): Barzahlungen werden nur zu einer gestellten Rechnung einzeln gebucht, es gibt \
keinen Kassenmodus und keine Tagessummen."""

INSIDE = "Die Daten liegen in Deutschland."
UNION = "Die Daten liegen in {country}, innerhalb der Europäischen Union. Dem Finanzamt ist das mitzuteilen (§ 14b Abs. 5 UStG)."
OUTSIDE = (
    "Die Daten liegen in {country}, außerhalb der Europäischen Union. Das ist nur mit Bewilligung des Finanzamts "
    "zulässig (§ 146 Abs. 2b AO)."
)
