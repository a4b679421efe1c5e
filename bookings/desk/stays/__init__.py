"""One stay at the desk, and what is changed in it."""
