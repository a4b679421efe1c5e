"""More nights, or fewer, by the guest."""
