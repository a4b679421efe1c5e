"""The public numbers are of a year: what was counted over all years is counted anew."""

from django.db import migrations, models


def count_anew(apps, schema_editor):
    apps.get_model("bookings", "PublicNumbers").objects.update(figures=None, as_of=None)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0039_former_documents")]

    operations = [
        migrations.RunPython(count_anew, count_anew),
        migrations.AlterField(
            model_name="publicnumbers",
            name="guests",
            field=models.BooleanField(default=False, verbose_name="Guests of the year"),
        ),
        migrations.AlterField(
            model_name="publicnumbers",
            name="nights",
            field=models.BooleanField(default=False, verbose_name="Nights given in the year"),
        ),
    ]
