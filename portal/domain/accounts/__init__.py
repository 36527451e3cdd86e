"""People who sign in, how often a secret may be tried, and what each person is called outside."""
