"""A new database is made in one step, one that is there already goes on step by step: to the same end.

What the steps make that Django's state does not know is tested in test_constraints.py.
"""

from django.db.migrations.loader import MigrationLoader


def state_at(name, *, in_one):
    """The bookings' models, each with its fields and its options in an order of their own."""
    loader = MigrationLoader(None, replace_migrations=in_one)
    models = loader.project_state(("bookings", name)).models
    return {key: told(model) for key, model in models.items() if key[0] == "bookings"}


def told(model):
    fields = {name: field.deconstruct()[1:] for name, field in model.fields.items()}
    several = {
        name: sorted(repr(one.deconstruct()) for one in model.options.get(name, []))
        for name in ("constraints", "indexes")
    }
    return fields, {**model.options, **several}, model.bases, model.managers


def test_all_in_one_makes_what_the_steps_make():
    in_one = state_at("0001_squashed_0037_in_review_due", in_one=True)

    assert in_one == state_at("0037_in_review_due", in_one=False)
