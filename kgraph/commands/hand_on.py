"""Verbs that hand a graph on to people and programs: view, export, serve, diff."""

from __future__ import annotations

from pathlib import Path

import click

from kgraph.commands.shared import FAILED, GRAPH_DEFAULT, INTERRUPTED, USAGE, Choice, Verb, exporters, form_options, print_json, print_result, print_table


@click.command(
    cls=Verb,
    name="view",
    examples=[
        ("kgraph view", "opens output/graph.html in your browser"),
        ("kgraph view output --no-open", "only prints where it is"),
        ("kgraph view other/graph.ttl --page page.html", "makes a page from any graph that kgraph wrote"),
    ],
    see=["build"],
)
@click.argument("graph", default=GRAPH_DEFAULT, metavar="[GRAPH]")
@click.option("--page", metavar="FILE", help="Where the page is.  [default: graph.html beside the graph]")
@click.option("--open/--no-open", "open_browser", default=True, show_default=True, help="Open it in the browser.")
@form_options("json")
def view(graph: str, page: str | None, open_browser: bool, form: str | None) -> None:
    """Open the interactive page of GRAPH.

    The page is one HTML file that works without a network. It is made if it is missing or older than the graph.
    """
    source = Path(graph) / "graph.ttl" if Path(graph).is_dir() else Path(graph)
    target = Path(page) if page else source.with_name("graph.html")
    if not target.exists() or (source.exists() and target.stat().st_mtime_ns < source.stat().st_mtime_ns):
        from kgraph.load import load
        from kgraph.viewer.page import write_html

        write_html(load(source), target)
    _print_path(target, form)
    if open_browser:
        import webbrowser

        if not webbrowser.open(target.resolve().as_uri()):
            click.echo("no browser was found; open the file yourself", err=True)


@click.command(
    cls=Verb,
    name="export",
    examples=[
        ("kgraph export nt", "writes output/graph.nt from output/graph.ttl"),
        ("kgraph export csv -o tables", "a folder of CSV tables"),
        ("kgraph export graphml -g other/graph.ttl -o my.graphml", "another graph, to another file"),
    ],
    see=["build", "serve"],
    codes=[0, FAILED, USAGE, INTERRUPTED],
)
@click.argument("format_name", metavar="FORMAT", type=Choice("exporters", exporters))
@click.option("-g", "--graph", default=GRAPH_DEFAULT, show_default=True, metavar="PATH", help="The graph: a folder that `kgraph build` wrote, or an RDF file.")
@click.option("-o", "--output", metavar="PATH", help="File or folder to write.  [default: in the graph's folder, under the format's own name]")
@form_options("json")
def export(format_name: str, graph: str, output: str | None, form: str | None) -> None:
    """Write the graph in another format, for other stores and tools.

    `kgraph doctor` lists the formats that are installed.

    Files are replaced when all is written. `kgraph build --to FORMAT,...` writes them with every build.
    """
    from kgraph.export import export as write
    from kgraph.load import load

    folder = Path(graph) if Path(graph).is_dir() else Path(graph).parent
    _print_path(write(load(graph), format_name, output if output else f"{folder.as_posix()}/"), form)


def _print_path(path: Path, form: str | None) -> None:
    if form == "json":
        print_json({"path": path.as_posix()})
    else:
        print_result(f"{path.as_posix()}\n")


@click.command(
    cls=Verb,
    name="serve",
    examples=[
        ("kgraph serve output", "SPARQL at http://127.0.0.1:7878/query, a query page at /, the viewer on the next port"),
        ("kgraph serve output --port 9000", "another port"),
    ],
    see=["query", "view"],
    codes=[0, FAILED, USAGE, INTERRUPTED],
)
@click.argument("graph", default=GRAPH_DEFAULT, metavar="[GRAPH]")
@click.option("-p", "--port", type=click.IntRange(1, 65534), default=7878, show_default=True, metavar="PORT", help="The port of the endpoint.")
def serve(graph: str, port: int) -> int:
    """Answer SPARQL queries on this machine until Ctrl-C.

    A read-only SPARQL 1.1 Protocol endpoint and a query page by Oxigraph's server, and the viewer on the next port. They work without a
    network, listen on 127.0.0.1 alone, and refuse updates.
    """
    from kgraph.serve import serve as run

    return run(graph, port, announce=lambda line: print_result(f"{line}\n"))


@click.command(
    cls=Verb,
    name="diff",
    examples=[
        ("kgraph diff old/ output/", "facts, things and papers that came, went or changed, with their sentences"),
        ("kgraph diff old.ttl new.ttl --summary", "how many of each kind"),
    ],
    see=["build", "stats"],
)
@click.argument("old")
@click.argument("new", default=GRAPH_DEFAULT, metavar="[NEW]")
@click.option("--summary", is_flag=True, help="Only how many of each kind.")
@form_options()
def diff(old: str, new: str, summary: bool, form: str | None) -> None:
    """Say what two builds say differently.

    A fact of the same sentence about the same thing that says something else has `changed`, with what it said before and says after.
    """
    from kgraph.diff import diff as differences
    from kgraph.diff import summary as count

    found = differences(old, new)
    if not found.rows and form is None:
        print_result("No difference.\n")
    else:
        print_table(count(found) if summary else found, form)


VERBS: tuple[click.Command, ...] = (view, export, serve, diff)
