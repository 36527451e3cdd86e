"""Interprets proctoring vendors: one file for each kind, all behind the port of ``portal.domain.proctoring``."""

from collections.abc import Callable, Mapping

from portal.domain import provider_options, providers_kept
from portal.domain.errors import SecretLocked
from portal.domain.proctoring import ProctoringProvider
from portal.models import Provider, ProviderKind
from portal.providers.practice import PracticeProvider
from portal.providers.psi import PsiProvider
from portal.providers.rest import RestProvider

#: kind -> what speaks with it. A new kind is a file with a class, and a line here.
KINDS: dict[ProviderKind, Callable[[Provider, Mapping[str, str]], ProctoringProvider]] = {
    ProviderKind.PRACTICE: PracticeProvider,
    ProviderKind.REST: RestProvider,
    ProviderKind.PSI: PsiProvider,
}


def of(record: Provider, *, talks: bool = True) -> ProctoringProvider:
    """What speaks with the vendor of ``record``. All is copied, so the transaction may end before it is used.

    The secrets cost two queries unless they were loaded with the record. Where only a review is read,
    ``talks=False`` leaves them alone.

    :raises SecretLocked: they were encrypted under another secret key.
    """
    if talks and providers_kept.is_locked(record):
        raise SecretLocked(f"The stored secrets of {record.slug}")
    secrets = {"client_secret": record.client_secret or "", **provider_options.secrets_of(record)} if talks else {}
    return KINDS[record.kind](record, secrets)
