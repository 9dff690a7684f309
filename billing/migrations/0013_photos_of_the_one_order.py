from django.db import migrations


def release(apps, schema_editor):
    """Photos were shown on all orders of a customer; they belong to one now: the only one there is, or that runs."""
    attachments = apps.get_model("crm", "Attachment").unscoped
    orders, photos = apps.get_model("billing", "Order").unscoped, apps.get_model("billing", "OrderPhoto").unscoped
    shared = attachments.filter(is_shared=True, kind="photo", deleted_at=None, order_photos=None)
    for attachment in shared.iterator():
        theirs = list(orders.filter(customer=attachment.customer_id).values_list("pk", "state"))
        running = [row for row in theirs if row[1] in ("placed", "scheduled", "started")]
        found = theirs if len(theirs) == 1 else running
        if len(found) == 1:
            photos.create(
                business_id=attachment.business_id, order_id=found[0][0], attachment_id=attachment.pk, by_id=attachment.by_id
            )


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_online_payment_received")]

    operations = [migrations.RunPython(release, migrations.RunPython.noop)]
