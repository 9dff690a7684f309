"""Fold the names of the contacts that are there and learn their words."""

from django.db import migrations

from crm import folding

BATCH = 2000


def fold_names(apps, schema_editor):
    Customer, SearchWord = apps.get_model("crm", "Customer"), apps.get_model("crm", "SearchWord")
    words, batch = {}, []
    for customer in Customer._base_manager.order_by("pk").iterator(chunk_size=BATCH):
        customer.search_name = folding.fold(customer.company_name, customer.last_name, customer.first_name).strip()
        words.setdefault(customer.business_id, set()).update(folding.name_words(customer.search_name, customer.city))
        batch.append(customer)
        if len(batch) == BATCH:
            Customer._base_manager.bulk_update(batch, ["search_name"])
            batch = []
    if batch:
        Customer._base_manager.bulk_update(batch, ["search_name"])
    for business_id, known in words.items():
        rows = (
            SearchWord(business_id=business_id, word=word, spelling=spelling)
            for word in sorted(known)
            for spelling in folding.spellings(word)
        )
        SearchWord._base_manager.bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("crm", "0017_search_and_segments")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop)]
