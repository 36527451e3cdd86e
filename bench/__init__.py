"""How fast the portal is and what it weighs: its own data, a real server, a load tool, and a bare ceiling beside it."""
