"""Who works on which message of the outbox, and when."""
