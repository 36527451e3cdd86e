"""Commands that run the portal: its server, its worker, its backup, its key, and what helps to try it."""
