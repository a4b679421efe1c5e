"""One subject a page: what is asked, the figures as sections, the words that define them."""
