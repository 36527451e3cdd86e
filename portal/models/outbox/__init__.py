"""What the outside is told, and by whom it is heard."""
