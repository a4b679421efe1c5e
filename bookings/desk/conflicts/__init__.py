"""Conflicts: what a desk without the network told a guest, and the house says otherwise."""
