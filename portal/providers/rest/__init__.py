"""The edX REST provider protocol, our side of it."""
