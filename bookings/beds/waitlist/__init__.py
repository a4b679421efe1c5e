"""Who waits for nights, what they are offered, and who wants to be told when nights are free."""
