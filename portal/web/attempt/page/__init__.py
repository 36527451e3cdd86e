"""What the pages of a running exam show and say."""
