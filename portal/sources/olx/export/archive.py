"""Opens an export, packed or as a folder, and reads its files without ever unpacking them onto the disk."""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO

from portal.sources.errors import UnusableSource
from portal.sources.olx.export.files import Fetch, Files
from portal.sources.olx.export.limits import MEGABYTE, Limits
from portal.sources.olx.export.other_systems import refuse_zip

NOT_PACKED = "{name} is not a .tar.gz file; give the export as it was downloaded, or a folder."
BROKEN = "{name} is damaged: it could not be unpacked to its end."


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[Files]:
    """The files of the export at `path`, readable while the context lasts."""
    if path.is_dir():
        yield Files(_in_folder(path, limits), limits)
        return
    if not path.is_file():
        raise UnusableSource(f"There is no export at {path}.")
    if path.stat().st_size > limits.compressed_bytes:
        most = _megabytes(limits.compressed_bytes)
        raise UnusableSource(f"{path.name} is larger than {most}, the most an export may have.")
    with TemporaryFile() as unpacked:
        _inflate(path, unpacked, limits)
        with _tar(path, unpacked) as tar:
            yield Files(_in_archive(tar, path.name, limits), limits)


def _inflate(path: Path, unpacked: IO[bytes], limits: Limits) -> None:
    """Decompress into a nameless file once, counting, so that members can be read in any order."""
    try:
        with gzip.open(path) as packed:
            _copy(packed, unpacked, path.name, limits)
    except gzip.BadGzipFile as error:
        with path.open("rb") as stream:
            refuse_zip(stream, path.name)
        raise UnusableSource(NOT_PACKED.format(name=path.name)) from error
    except (EOFError, zlib.error) as error:
        raise UnusableSource(BROKEN.format(name=path.name)) from error
    unpacked.seek(0)


def _copy(packed: gzip.GzipFile, unpacked: IO[bytes], name: str, limits: Limits) -> None:
    left = limits.unpacked_bytes
    while chunk := packed.read(MEGABYTE):
        left -= len(chunk)
        _refuse_if(left < 0, _too_large(name, limits))
        unpacked.write(chunk)


def _tar(path: Path, unpacked: IO[bytes]) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=unpacked, mode="r:")
    except (tarfile.TarError, ValueError, RecursionError) as error:
        raise UnusableSource(NOT_PACKED.format(name=path.name)) from error


def _in_archive(tar: tarfile.TarFile, name: str, limits: Limits) -> dict[str, Fetch]:
    try:
        members = list(_checked(tar, name, limits))
    except (tarfile.TarError, EOFError, ValueError, RecursionError) as error:
        raise UnusableSource(BROKEN.format(name=name)) from error
    return {_plain(member.name): _member(tar, member) for member in members if member.isfile()}


def _checked(tar: tarfile.TarFile, name: str, limits: Limits) -> Iterator[tarfile.TarInfo]:
    for count, member in enumerate(tar, start=1):
        _refuse_if(count > limits.members, _too_many(name, limits))
        _check(member)
        yield member


def _check(member: tarfile.TarInfo) -> None:
    pure = PurePosixPath(member.name)
    outside = pure.is_absolute() or ".." in pure.parts or "\\" in member.name or "\0" in member.name
    _refuse_if(outside, f"The export has a file outside its own folder: {member.name!r}.")
    ordinary = (member.isfile() or member.isdir()) and not member.issparse() and member.size >= 0
    _refuse_if(not ordinary, f"The export has a link or a device where a file belongs: {member.name!r}.")


def _member(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Fetch:
    def fetch(most: int) -> bytes:
        stream = tar.extractfile(member)
        return b"" if stream is None else stream.read(most)

    return fetch


def _in_folder(folder: Path, limits: Limits) -> dict[str, Fetch]:
    found: dict[str, Fetch] = {}
    left = limits.unpacked_bytes
    for count, entry in enumerate(_entries(folder), start=1):
        _refuse_if(count > limits.members, _too_many(folder.name, limits))
        _refuse_if(entry.is_symlink(), f"The export has a link where a file belongs: {entry.name!r}.")
        if entry.is_file():
            left -= entry.stat().st_size
            _refuse_if(left < 0, _too_large(folder.name, limits))
            found[entry.relative_to(folder).as_posix()] = _on_disk(entry)
    return found


def _entries(folder: Path) -> Iterator[Path]:
    """Everything in the folder except hidden folders; links are listed but never followed."""
    for entry in sorted(folder.iterdir()):
        yield entry
        if entry.is_dir() and not entry.is_symlink() and not entry.name.startswith("."):
            yield from _entries(entry)


def _on_disk(entry: Path) -> Fetch:
    def fetch(most: int) -> bytes:
        with entry.open("rb") as stream:
            return stream.read(most)

    return fetch


def _plain(name: str) -> str:
    return PurePosixPath(name).as_posix()


def _too_large(name: str, limits: Limits) -> str:
    return f"{name} unpacks to more than {_megabytes(limits.unpacked_bytes)}, the most an export may have."


def _too_many(name: str, limits: Limits) -> str:
    return f"{name} has more than {limits.members:,} files, the most an export may have."


def _megabytes(count: int) -> str:
    return f"{max(count // MEGABYTE, 1):,} MB"


def _refuse_if(wrong: bool, sentence: str) -> None:
    if wrong:
        raise UnusableSource(sentence)
