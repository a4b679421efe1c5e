"""The audit log, searched by a district's managers: who did what, to whom, when, why, from where."""
