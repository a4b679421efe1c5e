"""A station's catalogue of services: their hours, their slots, and the places booked in them."""
