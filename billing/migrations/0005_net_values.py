import json
from decimal import ROUND_HALF_UP, Decimal

from django.db import migrations, models

CENT = Decimal("0.01")


def fill(apps, schema_editor):
    """Quotes that were sent before know both values from their frozen document."""
    quotes = apps.get_model("billing", "Quote")._base_manager
    for quote in quotes.exclude(document="").only("pk", "document").iterator(chunk_size=200):
        document = json.loads(quote.document)
        full = Decimal(0)
        for line in document.get("lines", []):
            if line["kind"] != "item" or not line.get("is_counted", True):
                continue
            amount = Decimal(line.get("quantity", "0")) * Decimal(line.get("unit_price", "0"))
            if document.get("mode") == "gross":
                amount /= 1 + Decimal(line["vat"]["rate"]) / 100
            full += amount
        net = Decimal(document.get("totals", {}).get("net", "0"))
        quotes.filter(pk=quote.pk).update(net=net, list_net=full.quantize(CENT, ROUND_HALF_UP))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_following_up"),
        ("billing", "0004_contract_texts"),
        ("crm", "0002_delivery_and_sources"),
    ]

    operations = [
        migrations.AddField(
            model_name="quote",
            name="list_net",
            field=models.DecimalField(
                decimal_places=2, default=0, editable=False, max_digits=12, verbose_name="Netto ohne Rabatte"
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="net",
            field=models.DecimalField(decimal_places=2, default=0, editable=False, max_digits=12, verbose_name="Netto"),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(fields=["business", "decided_at"], name="quote_by_decision"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
