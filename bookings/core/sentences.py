"""Sentences put together."""

from collections.abc import Iterable


def in_a_row(sentences: Iterable[str]) -> str:
    """One after the other; between Chinese sentences there is no space."""
    whole = ""
    for sentence in filter(None, sentences):
        gap = "" if not whole or whole.endswith("。") else " "
        whole += gap + sentence
    return whole
