"""What every request passes: clean input, who is signed in, what they may see, and how a refusal looks."""
