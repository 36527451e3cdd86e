"""PSI RPNow: its registration, its signature, its review."""
