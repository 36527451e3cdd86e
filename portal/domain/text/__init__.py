"""Text, numbers and formulas as people write them: cleaned, compared, read and made safe to show."""
