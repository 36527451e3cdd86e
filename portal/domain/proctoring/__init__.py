"""A proctored exam from the place at its provider to the moment of Start, and who was heard since."""
