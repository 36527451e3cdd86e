"""Pictures and documents of an export: found under the several ways authors refer to them."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from portal.domain.courses.published import AssetPublished
from portal.sources.olx import written_pictures
from portal.sources.olx.export.files import Files

MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
STATIC = "static/"
WRITTEN = "written into the text"
# The forms an author's reference may take; what remains after them is the name under static/.
HOST = re.compile(r"^(?:https?:)?//[^/]+")
REFERENCE = re.compile(
    r"^(?:/static/|/c4x/[^/]+/[^/]+/asset/|/assets/(?!courseware/)"
    r"|(?:/assets/courseware/v\d+/[0-9a-f]+)?/?asset-v1:[^@]*\+type@asset\+block[@/])"
)


@dataclass
class Pictures:
    """The assets one exam refers to, each read once."""

    files: Files
    taken: dict[str, AssetPublished] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = self.files.below(STATIC)
        self._names = {_safe(name): name for name in names} | {name: name for name in names}

    def address(self, source: str) -> str | None:
        """`asset:NAME` when the export has what `source` refers to, else None."""
        if source.strip().startswith(written_pictures.SCHEME):
            return self._written(source.strip())
        name = self._name(source)
        if name is None:
            return None
        if name not in self.taken:
            content = self.files.asset(STATIC + name)
            if content is None:
                return None
            self.taken[name] = AssetPublished(name=self._free(name), media_type=_media_type(name), content=content)
        return f"asset:{self.taken[name].name}"

    def link(self, target: str) -> str:
        """Where a link leads: to an asset, elsewhere, or nowhere when it led into the course's own site."""
        return self.address(target) or ("" if target.startswith("/") else target)

    @property
    def assets(self) -> tuple[AssetPublished, ...]:
        return tuple(self.taken.values())

    def _written(self, address: str) -> str | None:
        """A picture within the text is an asset like any other, called by its content."""
        picture = written_pictures.read(address, self.files.most_asset_bytes)
        if picture is None:
            return None
        if picture.name not in self.taken:
            self.taken[picture.name] = AssetPublished(
                name=self._free(picture.name), media_type=picture.media_type, content=picture.content
            )
        return f"asset:{self.taken[picture.name].name}"

    def _name(self, source: str) -> str | None:
        path = unquote(HOST.sub("", re.split(r"[?#]", source.strip())[0]))
        wanted = REFERENCE.sub("", path)
        name = self._names.get(wanted) or self._names.get(_safe(wanted))
        return name if name and _media_type(name) else None

    def _free(self, name: str) -> str:
        safe, used = _safe(name), {asset.name for asset in self.taken.values()}
        while safe in used:
            safe = f"_{safe}"
        return safe


def called(source: str) -> str:
    """What to call the picture when telling its author about it."""
    if source.strip().startswith(written_pictures.SCHEME):
        return WRITTEN
    return unquote(source.rsplit("/", 1)[-1].rsplit("@", 1)[-1]) or source


def why_missing(source: str) -> str:
    """Why a picture is not shown, to follow the word "picture"."""
    name = called(source)
    return f"{name} cannot be used: not an image, or too large" if name == WRITTEN else f"{name} is not in the export"


def _media_type(name: str) -> str:
    return MEDIA_TYPES.get(name.rsplit(".", 1)[-1].lower(), "")


def _safe(name: str) -> str:
    """A name that needs no escaping in an address; authoring tools mend names in the same way."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)
