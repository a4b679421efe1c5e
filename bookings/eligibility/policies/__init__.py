"""A district's policy versions: drafted, compared, tried out, published from a day."""
