"""Attempts: their time, their answers, and what happened to them."""
