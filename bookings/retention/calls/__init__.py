"""Telephoning those who did not answer: whom next, who has the call, what came of it."""
