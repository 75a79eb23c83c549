"""What users do with the result: a read-only SPARQL 1.1 Protocol endpoint on this machine, with a query page, and the viewer beside it.

Oxigraph's own server (PyPI `oxigraph`, a wheel with the binary) answers `/query` and shows the query page at `/`, both without a network;
opened with `serve-read-only` it refuses updates. The viewer is a file, served on the next port. Nothing listens on another interface than
127.0.0.1.
"""

from __future__ import annotations

import http.server
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from kgraph.query import QueryError

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Served:
    """Where things are while they are served: `endpoint` for SPARQL clients, `page` for people, `viewer` or None when there is no page."""

    endpoint: str
    page: str
    viewer: str | None
    process: subprocess.Popen[bytes]

    def wait(self) -> int:
        """Wait until the server ends by itself; its exit status."""
        return self.process.wait()


@contextmanager
def serving(output: Path | str, port: int = 7878) -> Iterator[Served]:
    """Serve the graph in `output` (a folder with `graph.ttl`, or an RDF file) while the block runs.

    QueryError says when there is no graph, the graph is no RDF, the server is not installed, or a port is taken; then nothing is left running.
    """
    source = Path(output)
    graph = source / "graph.ttl" if source.is_dir() else source
    if not graph.is_file():
        raise QueryError(f"{graph}: there is no graph; `kgraph build` makes one")
    binary = _binary()
    page = graph.with_name("graph.html")
    _check_free(port)
    if page.is_file():
        _check_free(port + 1)
    with ExitStack() as stack:
        location = stack.enter_context(tempfile.TemporaryDirectory(prefix="kgraph-serve-"))
        loaded = subprocess.run([binary, "load", "--location", location, "--file", str(graph)], capture_output=True, check=False)
        if loaded.returncode:
            raise QueryError(f"{graph}: {_last_line(loaded.stderr)}")
        address = f"{HOST}:{port}"
        process = subprocess.Popen(
            [binary, "serve-read-only", "--location", location, "--bind", address], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        stack.callback(_stop, process)
        _await(process, port)
        viewer = stack.enter_context(_viewer(page, port + 1)) if page.is_file() else None
        yield Served(f"http://{address}/query", f"http://{address}/", viewer, process)


def serve(output: Path | str, port: int = 7878, announce: Any = print) -> int:
    """Serve until Ctrl-C: tell `announce` where, line by line, then wait. 130 after Ctrl-C, else the server's own status."""
    with serving(output, port) as served:
        try:
            announce(f"SPARQL endpoint  {served.endpoint}")
            announce(f"query page       {served.page}")
            if served.viewer:
                announce(f"viewer           {served.viewer}")
            announce("read only, for this machine only; Ctrl-C stops")
            return served.wait()
        except KeyboardInterrupt:
            return 130


def _binary() -> str:
    here = Path(sysconfig.get_path("scripts")) / "oxigraph"
    found = shutil.which(here) or shutil.which("oxigraph")
    if found is None:
        raise QueryError("serving needs Oxigraph's server: pip install oxigraph")
    return found


def _check_free(port: int) -> None:
    if not 1 <= port <= 65534:
        raise QueryError(f"{port} is not a port: 1 to 65534")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise QueryError(f"port {port} is reserved for the system; choose one above 1023 with --port") from None
        except OSError:
            raise QueryError(f"port {port} is taken; choose another with --port") from None


def _await(process: subprocess.Popen[bytes], port: int, seconds: float = 30.0) -> None:
    """Wait until the server accepts connections."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise QueryError(f"the server did not start: {_last_line(process.stderr.read() if process.stderr else b'')}")
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.02)
    raise QueryError(f"the server did not answer on port {port} within {seconds:.0f} s")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, and make it end."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stderr:
        process.stderr.close()


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else "no reason was given"


class _Page(http.server.BaseHTTPRequestHandler):
    """The viewer's page and nothing else: no path of the disk can be asked for."""

    def __init__(self, page: Path, *args: Any, **kwargs: Any) -> None:
        self.page = page
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        """Answer `/` and `/graph.html`, to a browser that was sent to this machine by its own name."""
        host = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host")
        if host not in (HOST, "localhost"):  # another name that leads here: DNS rebinding
            self.send_error(403)
            return
        if self.path.partition("?")[0] not in ("/", "/graph.html"):
            self.send_error(404)
            return
        body = self.page.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged."""


@contextmanager
def _viewer(page: Path, port: int) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer((HOST, port), partial(_Page, page))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
