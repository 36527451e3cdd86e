"""Where people review: the queue of what waits for them, and the console for one attempt."""

from portal.web.review import answering, asking, claiming, console, deciding, queue
from portal.web.review.blueprint import bp

__all__ = ["answering", "asking", "bp", "claiming", "console", "deciding", "queue"]
