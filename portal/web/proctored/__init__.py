"""A learner's pages around a provider: asking for a place, set-up, opting out, identity, the practice proctor."""

from portal.web.proctored import before, heartbeat, onboarding, opting_out, practice_proctor, setup, waiting
from portal.web.proctored.blueprint import bp

__all__ = ["before", "bp", "heartbeat", "onboarding", "opting_out", "practice_proctor", "setup", "waiting"]
