"""Keys that belong to the data, not to the settings: they stay the same when the secret key changes."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model
from portal.db.encrypted import EncryptedText


class PortalKey(Model):
    __tablename__ = "portal_key"

    name: Mapped[str] = mapped_column(primary_key=True)
    """What it is for; see ``portal.domain.accounts.pairwise``."""
    value: Mapped[str] = mapped_column(EncryptedText)
    """Hexadecimal digits."""
    created_at: Mapped[datetime]
