"""Who has shown a provider who they are, how long that counts, and which exam asks for it."""
