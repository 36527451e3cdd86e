"""What runs in the environment of edX's packages, and only there: Django's settings, the data, the sign-in."""
