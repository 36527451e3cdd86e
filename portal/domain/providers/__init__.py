"""Proctoring providers: their records and options, what they send, and the port they are asked through."""
