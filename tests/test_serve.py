"""The endpoint: it answers, refuses updates, says what is wrong, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from kgraph.export.turtle import write_turtle
from kgraph.query import QueryError
from kgraph.serve import serving
from tests.sample import sample_graph

pytestmark = pytest.mark.skipif(not shutil.which("oxigraph", path=sysconfig.get_path("scripts")), reason="the server is in the extra kgraph[serve]")
ROOT = Path(__file__).parents[1]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def free_port() -> int:
    """A port that is free together with the next one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def request(url: str, data: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, {k.replace("_", "-"): v for k, v in headers.items()}), timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.fixture
def output(tmp_path: Path) -> Path:
    write_turtle(sample_graph(), tmp_path / "graph.ttl")
    (tmp_path / "graph.html").write_text("<!doctype html><title>page</title>", "utf-8")
    return tmp_path


def count(endpoint: str) -> int:
    status, body = request(f"{endpoint}?{urllib.parse.urlencode({'query': COUNT})}", Accept="application/sparql-results+json")
    assert status == 200
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


def test_it_answers_queries_by_get_and_post_and_shows_both_pages(output):
    with serving(output, free_port()) as served:
        total = len(sample_graph().to_pyoxigraph())
        assert count(served.endpoint) == total
        for body, kind in (
            (COUNT.encode(), "application/sparql-query"),
            (urllib.parse.urlencode({"query": COUNT}).encode(), "application/x-www-form-urlencoded"),
        ):
            assert request(served.endpoint, body, Content_Type=kind, Accept="text/csv") == (200, f"n\r\n{total}\r\n".encode())
        status, page = request(served.page, Accept="text/html")
        assert status == 200 and b"<html" in page.lower()
        assert b'src="http' not in page and b'href="https://cdn' not in page
        assert request(served.viewer)[1] == (output / "graph.html").read_bytes()
        assert request(served.viewer + "../graph.ttl")[0] == 404
        assert request(served.viewer, Host="evil.example")[0] == 403
        assert request(f"{served.endpoint}?query=SELECT")[0] == 400


def test_updates_are_refused(output):
    with serving(output, free_port()) as served:
        before = count(served.endpoint)
        update = served.endpoint.removesuffix("query") + "update"
        for url, body, kind in (
            (update, b"DROP ALL", "application/sparql-update"), (update, b"update=DROP+ALL", "application/x-www-form-urlencoded"),
            (served.endpoint, b"DROP ALL", "application/sparql-update"), (served.endpoint, b"DROP ALL", "application/sparql-query"),
            (served.endpoint.removesuffix("query") + "store?default", b"<http://a> <http://b> 1 .", "text/turtle"),
        ):  # fmt: skip
            assert 400 <= request(url, body, Content_Type=kind)[0] < 500
        assert count(served.endpoint) == before


def test_only_this_machine_can_connect(output):
    port = free_port()
    with serving(output, port):
        own = [info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
        for address in {a for a in own if not a.startswith("127.")}:
            for tried in (port, port + 1):
                with socket.socket() as probe:
                    probe.settimeout(1)
                    assert probe.connect_ex((address, tried)) != 0


def test_a_port_that_is_taken_is_said_and_nothing_is_started(output):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(QueryError, match=f"port {port} is taken; choose another with --port"), serving(output, port):
            pass
    with pytest.raises(QueryError, match="70000 is not a port"), serving(output, 70000):
        pass


def test_a_missing_or_broken_graph_is_said(tmp_path):
    with pytest.raises(QueryError, match="there is no graph"), serving(tmp_path, free_port()):
        pass
    (tmp_path / "graph.ttl").write_text("no turtle", "utf-8")
    with pytest.raises(QueryError, match=r"graph\.ttl: "), serving(tmp_path, free_port()):
        pass


def test_ctrl_c_stops_it_cleanly_with_130(output):
    port = free_port()
    code = f"import sys, kgraph.serve as s; sys.exit(s.serve({str(output)!r}, {port}))"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, text=True, start_new_session=True) as process:
        assert process.stdout is not None and process.stderr is not None
        lines = [process.stdout.readline() for _ in range(4)]
        assert "SPARQL endpoint" in lines[0] and "Ctrl-C" in lines[3]
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: to the whole group
        try:
            assert process.wait(15) == 130
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        assert process.stderr.read() == ""
    for _ in range(50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                break
        time.sleep(0.1)
    else:
        pytest.fail("the server still runs")
