"""A guardian to call for a guest under age: name and telephone, sealed, both or neither."""

from django.db import migrations, models

import bookings.core.crypto


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0030_nonces_and_failures_name_nobody"),
    ]

    operations = [
        migrations.AddField(
            model_name="graduate",
            name="guardian_name",
            field=bookings.core.crypto.EncryptedTextField(null=True),
        ),
        migrations.AddField(
            model_name="graduate",
            name="guardian_phone",
            field=bookings.core.crypto.EncryptedTextField(null=True),
        ),
        migrations.AddConstraint(
            model_name="graduate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("guardian_name__isnull", True), ("guardian_phone__isnull", True)),
                    models.Q(("guardian_name__isnull", False), ("guardian_phone__isnull", False)),
                    _connector="OR",
                ),
                name="guardian_has_name_and_phone",
            ),
        ),
    ]
