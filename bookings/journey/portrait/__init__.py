"""All that is kept about somebody, for themselves: as plain values (facts) and on paper, in words."""

from bookings.journey.portrait.facts import portrait
from bookings.journey.portrait.take import take_portrait, take_portrait_pdf
from bookings.journey.portrait.told import in_words, label
from bookings.journey.portrait.words import LOOKED_AT

__all__ = ["LOOKED_AT", "in_words", "label", "portrait", "take_portrait", "take_portrait_pdf"]
