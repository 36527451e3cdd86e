"""The verbs: what may happen. Given the time, the person and the provider; never commit, never speak HTTP."""
