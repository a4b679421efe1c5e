"""Keys and lockers: given to a guest, taken back, and looked for when they are not."""
