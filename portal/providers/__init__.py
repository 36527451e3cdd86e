"""Interprets proctoring vendors: one file for each kind, all behind the port of ``portal.domain.proctoring``."""

from portal.domain import provider_options, providers_kept
from portal.domain.errors import SecretLocked
from portal.domain.proctoring import Kind, ProctoringProvider
from portal.models import Provider, ProviderKind
from portal.providers.practice import PracticeProvider
from portal.providers.psi import PsiProvider
from portal.providers.rest import RestProvider

#: What speaks with each kind. A new kind is a file with a class, and a line here.
KINDS: dict[ProviderKind, Kind] = {
    PracticeProvider.kind: PracticeProvider,
    RestProvider.kind: RestProvider,
    PsiProvider.kind: PsiProvider,
}


def kind_of(record: Provider) -> Kind:
    """What holds for every vendor of its kind; no secret is looked at."""
    return KINDS[record.kind]


def has_own_browser(kind: ProviderKind | None) -> bool:
    """Whether a running exam is for the vendor's own browser only. None: there is no vendor."""
    return kind is not None and KINDS[kind].has_own_browser


def of(record: Provider, *, talks: bool = True) -> ProctoringProvider:
    """What speaks with the vendor of ``record``. All is copied, so the transaction may end before it is used.

    The secrets cost two queries unless they were loaded with the record. Where only a review is read,
    ``talks=False`` leaves them alone.

    :raises SecretLocked: they were encrypted under another secret key.
    """
    if talks and providers_kept.is_locked(record):
        raise SecretLocked(f"The stored secrets of {record.slug}")
    secrets = {"client_secret": record.client_secret or "", **provider_options.secrets_of(record)} if talks else {}
    return kind_of(record)(record, secrets)
