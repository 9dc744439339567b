"""Which account runs the embedded PostgreSQL, and whether it can reach its files.

PostgreSQL refuses to run as root. As root we therefore hand it to an account without rights; as anybody else it
runs as us.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "embedded_postgres"


class PrivatePlace(Exception):
    """The account cannot reach a directory, and opening somebody's home to it is not ours to do."""


@dataclass(frozen=True)
class Account:
    """Numeric user and group, or nothing when the server runs as the caller."""

    user: int | None = None
    group: int | None = None

    def owns(self, path: Path) -> None:
        """Make the account the owner of `path`."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)


def account() -> Account:
    """The account for the server: the caller, or as root one without rights, made if need be."""
    if os.geteuid() != 0:
        return Account()
    entry = _entry(NAME) or _created() or _entry("nobody")
    if entry is None:
        raise PrivatePlace(
            "PostgreSQL does not run as root, and there is no other account to run it. Set DATABASE_URL."
        )
    return Account(user=entry.pw_uid, group=entry.pw_gid)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _created() -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    subprocess.run(command, check=False, capture_output=True)
    return _entry(NAME)


def open_the_way(path: Path, who: Account) -> None:
    """Let `who` pass through every directory down to `path`, without being able to list any.

    Raises PrivatePlace rather than open somebody's home directory.
    """
    if who.user is None:
        return
    for place in reversed([path, *path.parents]):
        mode = place.stat().st_mode
        if _passes(place, who):
            continue
        if place in homes():
            raise PrivatePlace(
                f"{place} is a private home, which the database account may not enter. "
                "Put the data elsewhere: VAR_DIR=/var/lib/mooring make demo (or set DATABASE_URL)."
            )
        place.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def reachable(path: Path, who: Account) -> bool:
    """True if `who` can enter or run `path`, and pass through every directory above it."""
    return who.user is None or all(_passes(place, who) for place in [path, *path.parents])


def _passes(place: Path, who: Account) -> bool:
    found = place.stat()
    if found.st_uid == who.user:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == who.group:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def homes() -> set[Path]:
    """The home directories of this machine's accounts."""
    return {Path(entry.pw_dir) for entry in pwd.getpwall()} - {Path("/")}
