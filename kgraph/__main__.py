"""`python -m kgraph` is the program `kgraph`."""

from kgraph.cli import main

main()
