"""Correct what is kept about oneself: no application is needed for it."""
