"""A learner's pages around a vendor: asking for a place, set-up, opting out, identity, the practice proctor."""

from portal.web.proctored import asking_pages, before, heartbeat, onboarding, opting_out, practice_proctor, setup
from portal.web.proctored.blueprint import bp

__all__ = ["asking_pages", "before", "bp", "heartbeat", "onboarding", "opting_out", "practice_proctor", "setup"]
