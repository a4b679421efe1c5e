"""A manager's staff: who is invited, who may do what, who no longer works here."""
