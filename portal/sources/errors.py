"""What a source says when it cannot be used."""


class UnusableSource(Exception):
    """A source is missing, broken or hostile; the message is a plain sentence for whoever gave it."""
