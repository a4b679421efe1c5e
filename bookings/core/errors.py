"""The base of every refusal that a person reads."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refusal(Exception):
    """Something asked for cannot be done. `code` is for programs, `sentence` for people.

    `field` names the form field beside which the sentence belongs, where there is one.
    """

    code = "refused"
    sentence: "str | _StrPromise" = ""
    field: str | None = None

    def __init__(self, sentence: "str | _StrPromise | None" = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.code)
