"""The board of a station: rooms by nights, and what staff move on it."""
