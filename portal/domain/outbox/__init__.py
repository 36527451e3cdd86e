"""Messages to others, and cases that a person must answer: written with the change that caused them."""
