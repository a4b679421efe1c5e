"""The last step: all is checked, signed and sent, or put on the waitlist."""
