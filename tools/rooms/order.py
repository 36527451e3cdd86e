"""The order of rooms; each level may import only from those below it (later in the list)."""

DOMAIN = [
    {"proctoring"}, {"attempts"}, {"reviews"}, {"onboarding"}, {"readiness"}, {"answers"}, {"timekeeping"},
    {"lifecycle"}, {"providers"}, {"courses"}, {"outbox"}, {"accounts"}, {"text"}, {"access"}, {"pages"}, {"errors"},
]
JOBS = [{"worker"}, {"dispatcher"}, {"recurring"}, {"topics"}, {"mail"}, {"outbox"}]
WEB_ROOMS = ["attempt", "edx", "help", "home", "health", "learner", "proctored", "provider_api", "review", "sign_in", "teach"]
WEB_SHARED = ["gate", "negotiation", "formatting"]
