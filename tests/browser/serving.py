"""Starts servers for tests as a visitor's machine would: a process of its own, on a free port."""

import gzip
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app.py"
START_S = 60


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, whatever its status."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    log_path: Path

    def get(self, path: str, **headers: str) -> Answer:
        request = urllib.request.Request(self.url + path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return _answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return _answer(error.code, error.headers, error.read())

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8")


def _answer(status: int, headers: object, body: bytes) -> Answer:
    named = {k.lower(): v for k, v in headers.items()}  # type: ignore[attr-defined]
    return Answer(status, named, (gzip.decompress(body) if named.get("content-encoding") == "gzip" else body).decode())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, data: Path | None = None, with_streamlit: bool = False) -> Iterator[Server]:
    """A server with the bundles in `data`, else with those it finds itself, until the block ends."""
    port = free_port()
    log_path = folder / f"server-{port}.log"
    own = ["-m", "meetingplaces.cli", "serve", "--no-browser", "--port", str(port)]
    plain = ["-m", "streamlit", "run", str(APP), "--server.port", str(port), "--server.headless", "true"]
    given = [] if data is None or with_streamlit else ["--data", str(data)]
    environment = dict(os.environ, **({"MEETINGPLACES_DATA": str(data)} if data and with_streamlit else {}))
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *(plain if with_streamlit else own), *given],
            stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=APP.parent if with_streamlit else folder,
        )  # fmt: skip
        try:
            server = Server(f"http://127.0.0.1:{port}", log_path)
            _wait_until_up(server, process, "/_stcore/health" if with_streamlit else "/healthz")
            yield server
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_up(server: Server, process: "subprocess.Popen[bytes]", path: str) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped:\n{server.log()}")
        try:
            server.get(path)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"no answer in {START_S} s:\n{server.log()}")
