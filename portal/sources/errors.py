"""What a source says when it cannot be used, as a whole or in part."""


class UnusableSource(Exception):
    """A source is missing, broken or hostile; the message is a plain sentence for whoever gave it."""


class UnusablePart(Exception):
    """One section or component cannot be used and the rest can; the message is why, without its name."""
