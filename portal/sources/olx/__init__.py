"""Reads courses written in OLX, the open learning XML that course authoring tools export."""

from portal.sources.olx.course import read

__all__ = ["read"]
