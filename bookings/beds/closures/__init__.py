"""Beds and rooms out of use: shown before whom it touches, then written."""
