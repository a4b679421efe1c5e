"""A guest books a service on the page of the stay, and gives the place back."""
