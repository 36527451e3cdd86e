"""Whether an exam is ready for its learners, and the facts that say so."""
