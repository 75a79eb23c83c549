"""The HTML page of a graph: pyvis makes the network, our template, script and style make the page around it."""
