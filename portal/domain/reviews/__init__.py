"""What a recording is judged to mean: by providers, by reviewers, and after an appeal."""
