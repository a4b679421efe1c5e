"""The guest register: what the police lodging system is told of each guest, by whom, and when.

The terminal of the police is not replaced: a file is made for it, and what was sent is written down.
"""
