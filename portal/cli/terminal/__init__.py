"""How a command reads and answers: secrets from standard input, tables, refusals in one line."""
