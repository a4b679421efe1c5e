"""The pages of the application, one thing a page."""
