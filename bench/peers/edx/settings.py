"""Django's settings for edx-proctoring alone; where there is a choice, the faster one is made."""

import os

#: ``sqlite:FILE`` or ``postgresql:FOLDER OF ITS SOCKET``.
KIND, _, WHERE = os.environ["PEER_DATABASE"].partition(":")
SYNCHRONOUS = os.environ.get("PEER_SYNCHRONOUS", "FULL")

DEBUG = False
SECRET_KEY = "only for the bench, where nothing is secret"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
ROOT_URLCONF = "bench.peers.edx.urls"
USE_TZ, USE_I18N, TIME_ZONE = True, False, "UTC"
LOGGING_CONFIG = None  # ``apps.py`` turns logging off altogether.

ON_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3", "NAME": WHERE,
    "OPTIONS": {
        "timeout": 30, "transaction_mode": "IMMEDIATE",
        "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={SYNCHRONOUS};",
    },
}  # fmt: skip
ON_POSTGRESQL = {"ENGINE": "django.db.backends.postgresql", "NAME": "postgres", "USER": "postgres", "HOST": WHERE}
DATABASES = {"default": {**(ON_SQLITE if KIND == "sqlite" else ON_POSTGRESQL), "CONN_MAX_AGE": None}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

INSTALLED_APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "waffle", "rules.apps.AutodiscoverRulesConfig", "edx_when",
    "edx_proctoring", "bench.peers.edx",
]  # fmt: skip
#: Tables are made from the models: a migration of edx-when casts in a way that PostgreSQL refuses.
MIGRATION_MODULES = dict.fromkeys(("auth", "contenttypes", "waffle", "edx_when", "edx_proctoring"))
#: No transaction around a request (the platform has one, ATOMIC_REQUESTS): on SQLite it was slower, else no different.
MIDDLEWARE = [
    "edx_django_utils.cache.middleware.RequestCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crum.CurrentRequestUserMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # Nothing is read from a table to know who asks.
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
]
REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

#: What edX's packages ask for before they can be imported.
PLATFORM_NAME = SITE_NAME = "platform.example"
DEFAULT_FROM_EMAIL = CONTACT_EMAIL = TECH_SUPPORT_EMAIL = "platform@platform.example"
LEARNING_MICROFRONTEND_URL = "http://platform.example"
ENV_ROOT = "/nowhere"
COURSE_ID_PATTERN = r"(?P<course_id>[^/+]+(/|\+)[^/+]+(/|\+)[^/?]+)"
PROCTORING_SETTINGS: dict[str, object] = {}
PROCTORING_BACKENDS: dict[str, object] = {"DEFAULT": "bench", "bench": {}}
PROCTORING_USER_OBFUSCATION_KEY = "a key for names"
JWT_AUTH = {"JWT_AUTH_COOKIE": "edx-jwt-cookie"}
