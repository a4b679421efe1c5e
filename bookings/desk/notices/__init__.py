"""What the house has imposed, as the guest reads it."""
