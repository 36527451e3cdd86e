"""Devices in plain words, from what a browser says of itself."""

from portal.languages import gettext

#: The first that is found counts: most browsers name the others, too.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
UNKNOWN, ON = "a browser", " on "


def device_of(user_agent: str) -> str:
    """``Firefox on Windows``; as much of it as can be told. Only words of our own, whatever the browser sends."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), UNKNOWN)
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{browser}{ON}{system}" if system else browser


def in_words(device: str) -> str:
    """The same in the reader's language."""
    browser, _, system = device.partition(ON)
    browser = gettext("a browser") if browser in ("", UNKNOWN) else browser
    return gettext("%(browser)s on %(system)s", browser=browser, system=system) if system else browser
