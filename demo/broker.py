"""Kombu's broker of files, with a message that appears whole or not at all.

The original opens the message under its final name and writes afterwards; a reader that looks in between takes an
empty file, fails to decode it, and the worker ends. The directory may also be deleted while everything runs: the
outbox sends again what was in it.
"""

from __future__ import annotations

import os
import time
import uuid
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Writes beside the queue's directory and renames into it."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Put one message on `queue`. The name sorts by time, also after the machine has started again."""
        name = f"{time.time_ns():020}_{uuid.uuid4()}.{queue}.msg"
        unfinished = os.path.join(self.processed_folder, name)  # same file system, and nobody reads there
        with open(unfinished, "xb") as file:
            file.write(str_to_bytes(dumps(payload)))
        os.rename(unfinished, os.path.join(self.data_folder_out, name))

    @property
    def data_folder_in(self) -> str:
        """Where messages are read; made if somebody deleted it, as the two below."""
        return self._made("data_folder_in")

    @property
    def data_folder_out(self) -> str:
        """Where messages are put."""
        return self._made("data_folder_out")

    @property
    def processed_folder(self) -> str:
        """Where messages are written before they are put."""
        return self._made("processed_folder")

    def _made(self, option: str) -> str:
        folder = str(self.transport_options[option])
        os.makedirs(folder, exist_ok=True)
        return folder


class Transport(filesystem.Transport):
    """The broker `filesystem://` of the demo."""

    Channel = Channel
