"""A list of people, as a university sends it, pre-screened in the browser: words, read, answer."""
