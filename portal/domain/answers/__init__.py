"""What learners answer: kept, marked, and when its result is shown."""
