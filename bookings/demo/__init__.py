"""Demo data: obviously fictional people and places, for trying the site and for screenshots."""
