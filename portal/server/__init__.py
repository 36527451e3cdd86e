"""The front: takes requests from the network whole, and only then gives them to a thread that answers."""
