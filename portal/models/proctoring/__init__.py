"""Proctoring providers, what they send, and what people decide about it."""
