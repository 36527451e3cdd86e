"""edx-proctoring, as its package is released, measured beside the portal: its own server, data and rows of a table."""
