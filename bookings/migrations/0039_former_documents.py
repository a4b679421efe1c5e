"""Numbers that a person's document had before, by their keyed hashes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0038_tallies_by_part")]

    operations = [
        migrations.CreateModel(
            name="FormerDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("doc_hash", models.CharField(max_length=64)),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bookings.district",
                    ),
                ),
                (
                    "graduate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_documents",
                        to="bookings.graduate",
                    ),
                ),
            ],
            options={
                "verbose_name": "former document",
                "verbose_name_plural": "former documents",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("district", "doc_hash"), name="one_person_a_former_document"
                    )
                ],
            },
        ),
    ]
