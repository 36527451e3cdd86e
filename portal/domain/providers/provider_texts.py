"""A provider's own words for learners, in the language that fits best."""

from portal.models import Provider


def by_preference(language: str) -> tuple[str, ...]:
    """In which languages to look for a provider's words, the best first: ``pt-br``, then ``pt``, then English."""
    return tuple(dict.fromkeys((language, language.partition("-")[0], "en")))


def text_of(provider: Provider, key: str, language: str, default: str = "") -> str:
    """The provider's words for ``key`` in ``language``, else in English, else ``default``."""
    for wanted in by_preference(language):
        words = provider.texts.get(wanted)
        if isinstance(words, dict) and isinstance(words.get(key), str) and words[key]:
            return str(words[key])
    return default
