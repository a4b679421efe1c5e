import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0022_calls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(editable=False, max_length=8, unique=True)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("university", "University"),
                            ("talent_station", "Talent station"),
                            ("other", "Another partner"),
                        ],
                        default="university",
                        max_length=14,
                        verbose_name="kind",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
            },
        ),
        migrations.CreateModel(
            name="PrecheckCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("approve", "Approved"),
                            ("review", "To be reviewed"),
                            ("refuse", "Refused"),
                        ],
                        max_length=8,
                    ),
                ),
                ("count", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "count of pre-checks",
                "verbose_name_plural": "counts of pre-checks",
            },
        ),
        migrations.AddIndex(
            model_name="bednight",
            index=models.Index(fields=["night", "stay"], name="bed_night_of_a_stay"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                fields=["application", "number", "by", "policy", "at"], name="decision_by_whom_when"
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="district",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="channels",
                to="bookings.district",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="channel",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applications",
                to="bookings.channel",
            ),
        ),
        migrations.AddField(
            model_name="precheckcount",
            name="district",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="bookings.district",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                fields=("district", "name"), name="one_channel_of_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["university", "talent_station", "other"])),
                name="channel_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="precheckcount",
            constraint=models.UniqueConstraint(
                fields=("district", "day", "outcome"), name="one_count_of_a_day_and_outcome"
            ),
        ),
        migrations.AddConstraint(
            model_name="precheckcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["approve", "review", "refuse"])),
                name="precheck_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="precheckcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("count__gte", 1)), name="precheck_count_counts"
            ),
        ),
    ]
