"""What wrong passwords are counted by: a guesser is slowed down, and nobody else is shut out.

A browser in which an account has signed in before is counted by itself alone, so nobody can keep a learner out of an
exam by guessing for their account. Any other is counted by browser first; then by account and network address, for a
guesser who throws cookies away; then by account, for one with many addresses. What is counted by address alone only
begins far above an exam hall that signs in at once.
"""

import ipaddress
from contextlib import suppress
from datetime import timedelta

from flask import current_app, request, session

from portal.domain.accounts import people, sign_in_limits
from portal.domain.accounts.sign_in_limits import Limit
from portal.web.sign_in import known_browser

#: Wrong passwords for one account from one address, whatever the browser, and from everywhere.
TRIES_FROM_ONE_ADDRESS, TRIES_FROM_EVERYWHERE = 20, 100
#: How long one try waits at most: a guesser's own browser, and where others might wait, too.
LONGEST_WAIT, LONGEST_WAIT_FOR_OTHERS = timedelta(minutes=5), timedelta(minutes=1)
#: Behind one address there may be a whole hall, with a guesser in it: 30 a minute still come in, which is a quarter
#: of the guesses that are allowed before anybody waits.
LONGEST_WAIT_OF_A_HALL = timedelta(seconds=2)


def limits(email: str) -> list[Limit]:
    """What a try at the account with this address counts against; first what belongs to this browser alone."""
    account = subject("account", email)
    nonce = known_browser.nonce_for(account)
    if nonce:
        return [_slow(subject("known browser", nonce), _tries("DEVICE"), LONGEST_WAIT)]
    device = str(session.get("csrf_token", ""))  # A browser's own; without a cookie there is only its address.
    return [
        _slow(subject("browser", f"{account} {device or network()}"), _tries("DEVICE"), LONGEST_WAIT),
        _slow(subject("account at", f"{account} {network()}"), TRIES_FROM_ONE_ADDRESS, LONGEST_WAIT_FOR_OTHERS),
        _slow(account, TRIES_FROM_EVERYWHERE, LONGEST_WAIT_FOR_OTHERS),
        _slow(subject("address", network()), _tries("ADDRESS"), LONGEST_WAIT_OF_A_HALL),
    ]


def subject(kind: str, of: str) -> str:
    """What is kept instead of a name or an address."""
    return sign_in_limits.subject(kind, people.tidy_email(of), secret=str(current_app.config["SECRET_KEY"]))


def network() -> str:
    """Where the request comes from. In IPv6 everybody has a whole /64 to change addresses in."""
    address = request.remote_addr or ""
    with suppress(ValueError):
        known = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is None:
            return str(ipaddress.ip_network((known, 64), strict=False))
    return address


def _slow(subject: str, tries: int, longest_wait: timedelta) -> Limit:
    within = timedelta(minutes=current_app.config["SIGN_IN_TRIES_MINUTES"])
    return Limit(subject=subject, tries=tries, within=within, longest_wait=longest_wait)


def _tries(of: str) -> int:
    return int(current_app.config[f"SIGN_IN_TRIES_PER_{of}"])
