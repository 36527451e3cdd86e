"""People, how they sign in, and the keys that belong to the data."""
