"""What providers said to a course, what they were told, and the way to their dashboards."""
