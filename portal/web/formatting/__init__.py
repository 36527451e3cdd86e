"""How things read on a page: times, contacts, devices, long lists, what providers say, and its static files."""
