// The drawing until vis-network is there. vis picks, drags and moves nodes, and to start it takes as long as all the rest of the page: its script
// stands in the page as inert text and is run in an idle moment, or at once when something points at the drawing. The sketch knows of vis' calls
// those that drawing needs; what is seen is drawn by the same functions with either.
const sketch = {
  body: { nodes: {} },
  scale: 1,
  position: { x: 0, y: 0 },
  asked: false,
  getScale: () => sketch.scale,
  getViewPosition: () => sketch.position,
  setSize() {},
  moveTo({ position, scale }) {
    Object.assign(sketch, { position, scale });
    sketch.redraw();
  },
  redraw() {
    if (!sketch.asked) requestAnimationFrame(drawSketch);
    sketch.asked = true;
  },
};

function drawSketch() {
  sketch.asked = false;
  if (network !== sketch) return;
  const { clientWidth, clientHeight } = $("canvas");
  const ratio = devicePixelRatio || 1;
  sketch.canvas ??= $("canvas").appendChild(el("canvas", { class: "sketch" }));
  Object.assign(sketch.canvas, { width: Math.round(clientWidth * ratio), height: Math.round(clientHeight * ratio) });
  const ctx = sketch.canvas.getContext("2d");
  const scale = sketch.scale * ratio;
  ctx.setTransform(scale, 0, 0, scale, (clientWidth / 2) * ratio - sketch.position.x * scale, (clientHeight / 2) * ratio - sketch.position.y * scale);
  drawBehind(ctx);
  drawFront(ctx);
}

function runVis() {
  if (window.vis) return;
  const script = el("script", {}, $("kg-vis").textContent);
  $("kg-vis").remove();
  document.head.append(script);
  script.remove();
}

// vis takes over the drawing where the sketch has it, still without a node.
function engage() {
  if (network !== sketch) return;
  runVis();
  nodeSet = new vis.DataSet([]);
  edgeSet = new vis.DataSet([]);
  network = new vis.Network($("canvas"), { nodes: nodeSet, edges: edgeSet }, { ...page.options, nodes: { ...page.options.nodes, shape: "custom", ctxRenderer: PICK } });
  listen();
  network.moveTo({ position: sketch.position, scale: sketch.scale, animation: false });
}

// vis takes a tenth of a millisecond to make a node; panning, zooming and what is drawn need none.
function handOver(nodes) {
  const pins = new Set(nodesOf("pins"));
  const missing = nodes.filter((n) => !nodeSet.get(n));
  network.body.emitter.emit("_blockRedraw"); // what is seen stays the same
  nodeSet.add(missing.map((n) => visNode(n, shown.at.get(n), pins.has(n))));
  network.body.emitter.emit("_allowRedraw");
}

function engageFully() {
  engage();
  if (nodeSet.length < shown.nodes.length) handOver(shown.nodes);
}

// The same in steps, for idle moments.
function* engageSlowly() {
  if (network === null) return; // the view in use has no drawing
  runVis();
  yield;
  engage();
  network.redraw(); // so that no frame is empty
  for (let at = 0; nodeSet.length < shown.nodes.length; at += 50) {
    yield;
    handOver(shown.nodes.slice(at, at + 50));
  }
  network.redraw();
}

const PRESSES = ["pointerdown", "wheel"];

// A mouse comes before it presses. What presses first, as a finger does, gets vis and the nodes under it at once, and its event is handed on.
function firstTouch(event) {
  if (!PRESSES.includes(event.type)) {
    if (event.pointerType === "mouse" && !reading.begun) readRest();
    return;
  }
  const before = network;
  engage();
  if (nodeSet.length === shown.nodes.length) return;
  const { left, top } = $("canvas").getBoundingClientRect();
  const { x, y } = network.DOMtoCanvas({ x: event.clientX - left, y: event.clientY - top });
  handOver(shown.nodes.filter((n) => Math.max(Math.abs(shown.at.get(n).x - x), Math.abs(shown.at.get(n).y - y)) <= sizeOf(n)));
  network.redraw(); // vis picks only nodes that it has drawn
  if (before === network) return;
  event.preventDefault();
  event.stopPropagation();
  network.canvas.frame.canvas.dispatchEvent(new event.constructor(event.type, event));
}
