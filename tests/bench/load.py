"""Requests over several connections at once, each request sent once."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection

from demo.runner.layout import HOST

CONNECTIONS, SECONDS = 8, 60


@dataclass(frozen=True, kw_only=True)
class Post:
    """A request, the status that it must be answered with, and where the answer must lead (empty: anywhere)."""

    path: str
    wanted: int
    to: str = ""
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Burst:
    """Requests per second, and the milliseconds that each took."""

    rate: float
    times: list[float]


def burst(port: int, posts: Iterable[Post]) -> Burst:
    """Send all of `posts` over CONNECTIONS kept connections that start together; every answer must be as wanted."""
    waiting = deque(posts)
    number, barrier = len(waiting), threading.Barrier(CONNECTIONS + 1, timeout=SECONDS)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        lines = [pool.submit(_send_all, port, waiting, barrier) for _ in range(CONNECTIONS)]
        barrier.wait()
        began = time.perf_counter()
        times = [took for line in lines for took in line.result()]
        seconds = time.perf_counter() - began
    assert len(times) == number
    return Burst(number / seconds, times)


def _send_all(port: int, waiting: deque[Post], barrier: threading.Barrier) -> list[float]:
    line, times = HTTPConnection(HOST, port, timeout=SECONDS), []
    try:
        line.connect()
        barrier.wait()
        while waiting:
            try:
                post = waiting.popleft()
            except IndexError:  # another connection was quicker
                break
            times.append(_send(line, post))
    finally:
        line.close()
    return times


def _send(line: HTTPConnection, post: Post) -> float:
    began = time.perf_counter()
    line.request("POST", post.path, post.body, dict(post.headers))
    answer = line.getresponse()
    body = answer.read()
    took = (time.perf_counter() - began) * 1e3
    assert answer.status == post.wanted, f"{answer.status} instead of {post.wanted}: {body[:500]!r}"
    assert post.to in ("", answer.headers["Location"])
    return took
