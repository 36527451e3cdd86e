"""What happens to an attempt, from whether it may begin to what becomes of it."""
