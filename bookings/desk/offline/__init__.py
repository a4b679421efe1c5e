"""What a desk needs to work without the network, and how it notices that something has changed."""
