"""Addresses that PSI is told: where its browser comes back, and where its software is."""

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from portal.providers.psi import signature

LAUNCH_PATH = "/api/edx_proctoring/proctoring_launch_callback/start_exam"


def launch_path(attempt_code: str, callback_token: str) -> str:
    """Where the secure browser comes when its set-up is done; with the proof, where the provider has a token."""
    proof = f"?token={signature.launch_proof(attempt_code, callback_token)}" if callback_token else ""
    return f"{LAUNCH_PATH}/{attempt_code}{proof}"


def with_code(address: str, attempt_code: str) -> str:
    """The address of PSI's software with the exam's code: where ``{code}`` stands, otherwise as ``examCode``."""
    if not address or "{code}" in address:
        return address.replace("{code}", quote(attempt_code, safe=""))
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode({"examCode": attempt_code})) if part)
    return urlunsplit(parts._replace(query=query))
