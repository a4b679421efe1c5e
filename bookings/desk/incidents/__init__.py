"""House rules: what happened, what follows from it, and the guest's say."""
