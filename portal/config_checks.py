"""Refuses settings that mean nothing, and those with which a portal would be open to strangers."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Config

#: How the environment says yes and no.
YES, NO = frozenset({"1", "on", "true", "yes"}), frozenset({"0", "off", "false", "no"})
#: Where one of few words is meant. A misspelt "production" would be a portal whose passwords are public.
ONE_OF = {"ENV": ("development", "production"), "SQLITE_SYNCHRONOUS": ("FULL", "EXTRA", "NORMAL", "OFF")}
SHORTEST_KEY = 32


class Misconfigured(RuntimeError):
    """The portal refuses to start, and says why in a sentence for the person who runs it."""


def refuse_nonsense(config: Config | dict[str, object]) -> None:
    """Refuse what nobody can mean, in production and elsewhere, before it is met in the middle of an exam."""
    for name, words in ONE_OF.items():
        if config[name] not in words:
            raise Misconfigured(f"PORTAL_{name} must be {_either(words)}, not {config[name]!r}.")
    public = urlsplit(str(config["PUBLIC_URL"]))
    if config["PUBLIC_URL"] and not (public.scheme in {"http", "https"} and public.netloc):
        raise Misconfigured(
            "PORTAL_PUBLIC_URL must be a whole address such as https://exams.example.edu: emails link to it."
        )
    if config["MAIL_USE_TLS"] and config["MAIL_USE_SSL"]:
        raise Misconfigured("Set PORTAL_MAIL_USE_TLS (usually port 587) or PORTAL_MAIL_USE_SSL (465), not both.")


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def check(config: Config | dict[str, object]) -> None:
    """Refuse an unsafe production, naming everything that is wrong at once."""
    if config.get("ENV") != "production":
        return
    reasons = [reason for is_wrong, reason in (*_not_said(config), *_open_to_strangers(config)) if is_wrong]
    if reasons:
        raise Misconfigured(" ".join(reasons))


def _not_said(config: Config | dict[str, object]) -> list[tuple[bool, str]]:
    """What only those who run the portal know."""
    return [
        (
            not str(config.get("PUBLIC_URL")).startswith("https://"),
            "Set PORTAL_PUBLIC_URL to the https:// address where people reach it.",
        ),
        (
            config.get("PROXIES") is None,
            "Set PORTAL_PROXIES to how many reverse proxies of yours stand in front (usually 1, or 0 for none): "
            "limits on guessing passwords go by the address that they report.",
        ),
    ]


def _open_to_strangers(config: Config | dict[str, object]) -> list[tuple[bool, str]]:
    key, data = str(config.get("SECRET_KEY") or ""), Path(str(config["DATA"]))
    return [
        (bool(config.get("DEBUG")), "Turn PORTAL_DEBUG off: it shows strangers the inside."),
        (
            config.get("SESSION_COOKIE_SECURE") is False,
            "Leave PORTAL_SESSION_COOKIE_SECURE on: a cookie sent in the clear can be copied.",
        ),
        (
            0 < len(key) < SHORTEST_KEY,
            "PORTAL_SECRET_KEY is short. Use 32 characters or more, such as from `openssl rand -hex 32`.",
        ),
        (
            (data / "demo_accounts").exists(),
            "This database holds the demo accounts, whose passwords are public. Use a data folder of its own.",
        ),
    ]
