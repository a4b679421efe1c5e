"""A tally's counts are kept in smaller parts: the worker counts all months again within a minute, and
until then the pages count the rows."""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model("bookings", "Tally").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("bookings", "0037_in_review_due")]

    operations = [migrations.RunPython(forget, forget)]
