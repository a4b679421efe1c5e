"""Signing in through WeChat: an account that its owner has bound, and no other (docs/accounts.md)."""
