"""How many SMS a text is, as the networks count: 70 characters alone, 67 each of several. Pure."""

ALONE, EACH = 70, 67


def parts(text: str, signature: str) -> int:
    """The text with its signature in front, in UTF-16 units, as it goes over the air."""
    length = len(f"【{signature}】{text}".encode("utf-16-le")) // 2
    return 1 if length <= ALONE else -(-length // EACH)
