"""A platform of edX's own parts, in this process: its tables, its views on a real port, its sign-in of providers."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

import jwt
from django.conf import settings
from running import CLIENT, SECRET

ISSUER, KEY = "platform", "a key that only the platform knows, of 40+"
NAME = "simulated"


NAMES = (
    "PLATFORM_NAME", "SITE_NAME", "DEFAULT_FROM_EMAIL", "CONTACT_EMAIL", "TECH_SUPPORT_EMAIL",
    "LEARNING_MICROFRONTEND_URL",
)  # fmt: skip
#: What edX's packages ask for before they can be imported. The tables are in memory, and seen by every thread.
SETTINGS: dict[str, object] = {
    **dict.fromkeys(NAMES, "platform.example"),
    "SECRET_KEY": KEY,
    "LANGUAGE_CODE": "en",
    "TIME_ZONE": "UTC",
    "USE_TZ": True,
    "ALLOWED_HOSTS": ["127.0.0.1"],
    "ROOT_URLCONF": "edx_addresses",
    "ENV_ROOT": "/nowhere",
    "COURSE_ID_PATTERN": r"(?P<course_id>[^/+]+(/|\+)[^/+]+(/|\+)[^/?]+)",
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:edx?mode=memory&cache=shared"}},
    "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    "INSTALLED_APPS": [
        "django.contrib.auth", "django.contrib.contenttypes", "waffle", "rules.apps.AutodiscoverRulesConfig",
        "edx_when", "edx_proctoring",
    ],
    "AUTHENTICATION_BACKENDS": ["rules.permissions.ObjectPermissionBackend"],
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "PROCTORING_SETTINGS": {},
    "PROCTORING_BACKENDS": {"DEFAULT": "null", "null": {}},
    "PROCTORING_USER_OBFUSCATION_KEY": "a key for names",
    "WEBPACK_LOADER": {"WORKERS": {"STATS_FILE": "/nowhere/stats.json", "CACHE": False}},
    "JWT_AUTH": {
        "JWT_ISSUERS": [{"ISSUER": ISSUER, "SECRET_KEY": KEY, "AUDIENCE": ISSUER}],
        "JWT_SECRET_KEY": KEY, "JWT_ISSUER": ISSUER, "JWT_AUDIENCE": ISSUER, "JWT_ALGORITHM": "HS256",
        "JWT_VERIFY_AUDIENCE": False, "JWT_SUPPORTED_VERSION": "1.0.0", "JWT_AUTH_HEADER_PREFIX": "JWT",
        "JWT_PUBLIC_SIGNING_JWK_SET": None, "JWT_LEEWAY": 1,
        "JWT_DECODE_HANDLER": "edx_rest_framework_extensions.auth.jwt.decoder.jwt_decode_handler",
    },
}  # fmt: skip


def configure() -> None:
    settings.configure(**SETTINGS)


def issue_token(form: dict[str, str]) -> dict[str, object]:
    """What edX's platform answers a provider who asks for a token: one that its own views understand."""
    if (form.get("client_id"), form.get("client_secret"), form.get("token_type")) != (CLIENT, SECRET, "jwt"):
        return {"error": "invalid_client"}
    times = {"iat": time.time(), "exp": time.time() + 60}
    claims = {**times, "iss": ISSUER, "aud": ISSUER, "version": "1.0.0", "preferred_username": CLIENT}
    return {"access_token": jwt.encode(claims, KEY), "expires_in": 60, "token_type": "JWT"}


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """What went wrong is in the test's own words."""


@contextmanager
def reachable() -> Iterator[str]:
    """edX's views at this address."""
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)
