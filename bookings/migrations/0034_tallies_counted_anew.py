"""A month's tally also says how many reviews are overdue: the worker counts all months again within a
minute, and until then the pages count the rows."""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model("bookings", "Tally").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("bookings", "0033_given_back")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
