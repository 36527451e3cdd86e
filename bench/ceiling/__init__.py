"""The same work without the portal: bare Flask and fixed SQL over the driver, as fast as this machine can do it."""
