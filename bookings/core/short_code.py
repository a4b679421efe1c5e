"""Short codes that people read aloud and type: a pass's, a friend's. Pure."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
LENGTH = 8


def short_code() -> str:
    """A fresh random code for typing: 40 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(text: str) -> str | None:
    """A short code as people type it (small letters, I for 1, O for 0, dashes), or None."""
    code = re.sub(r"[\s\-]", "", text).upper().translate(str.maketrans("ILO", "110"))
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def in_two(code: str) -> str:
    """A short code as it is shown: in two halves."""
    return f"{code[:4]}-{code[4:]}"
