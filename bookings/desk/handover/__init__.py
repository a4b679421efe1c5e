"""What one shift tells the next: notes that are read, ticked off, and never changed."""
