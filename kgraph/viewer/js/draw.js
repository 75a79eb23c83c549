// The drawing: vis-network for nodes, edges, panning and picking; labels and communities are drawn here, so that they never overlap.
const COLOURS = {
  // Okabe and Ito's palette, which colour-blind readers can tell apart; a shape says the same as each colour
  Paper: "#9a9a9a", Model: "#0072b2", Method: "#e69f00", Software: "#cc79a7", Dataset: "#009e73",
  Benchmark: "#56b4e9", Metric: "#f0e442", Task: "#d55e00", Hardware: "#000000",
};
const SHAPES = {
  Paper: "page", Model: "dot", Method: "diamond", Software: "hexagon", Dataset: "triangle",
  Benchmark: "triangleDown", Metric: "star", Task: "square", Hardware: "cross",
};
const INK = {
  light: { back: "#ffffff", ink: "#1b1f24", soft: "#59636e", line: "#303840", ring: "#0b57d0", disc: "rgba(0,80,160,0.045)", edge: "#8b949e", faint: "#d5dae0", black: "#000000" },
  dark: { back: "#10151c", ink: "#e8edf2", soft: "#a3adb8", line: "#dfe5ec", ring: "#8ab4f8", disc: "rgba(140,190,255,0.06)", edge: "#7d8894", faint: "#333d48", black: "#ffffff" },
};
const EDGE_COLOURS = {
  outperforms: "#d55e00", comparedWith: "#b07500", basedOn: "#0072b2", variantOf: "#0072b2", broader: "#0072b2", uses: "#a8588a",
  evaluatedOn: "#00815e", evaluatedBy: "#00815e", addresses: "#b07500", trainedOn: "#00815e", trainedOnHardware: "#6b6b6b", runsOnHardware: "#6b6b6b",
};
let network = null;
let nodeSet = null;
let edgeSet = null;
let shown = null;
let hovered = -1;
let labelBoxes = [];
const widths = new Map();

const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const stillness = matchMedia("(prefers-reduced-motion: reduce)");
const isDark = () => (state.theme ? state.theme === "dark" : darkSystem.matches);
const ink = () => (isDark() ? INK.dark : INK.light);
const colourOf = (type) => (type === "Hardware" ? ink().black : COLOURS[type]);

// The outline of the two shapes that vis has not: a sheet with a folded corner, and a cross.
function outline(shape, x, y, r) {
  if (shape === "page") return [[-0.75, -1], [0.3, -1], [0.75, -0.55], [0.75, 1], [-0.75, 1]].map(([a, b]) => [x + a * r, y + b * r]);
  const t = 0.38;
  return [[-t, -1], [t, -1], [t, -t], [1, -t], [1, t], [t, t], [t, 1], [-t, 1], [-t, t], [-1, t], [-1, -t], [-t, -t]].map(([a, b]) => [x + a * r, y + b * r]);
}

function renderer(shape) {
  return ({ ctx, x, y, state: { selected, hover }, style }) => ({
    drawNode() {
      ctx.beginPath();
      outline(shape, x, y, style.size).forEach(([a, b], i) => (i ? ctx.lineTo(a, b) : ctx.moveTo(a, b)));
      ctx.closePath();
      ctx.fillStyle = style.color;
      ctx.strokeStyle = selected || hover ? ink().ring : ink().line;
      ctx.lineWidth = selected ? 4 : 1.5;
      ctx.fill();
      ctx.stroke();
    },
    nodeDimensions: { width: 2 * style.size, height: 2 * style.size },
  });
}

const RENDERERS = { page: renderer("page"), cross: renderer("cross") };

function visNode(node, place, fixed) {
  const type = typeOf(node);
  const background = colourOf(type);
  const ring = { background, border: ink().ring };
  const own = RENDERERS[SHAPES[type]];
  return {
    id: node, x: place.x, y: place.y, size: sizeOf(node), fixed, shape: own ? "custom" : SHAPES[type], ctxRenderer: own,
    color: { background, border: ink().line, highlight: ring, hover: ring },
  };
}

const community = new Map();
page.groups.forEach(([, , , , members], i) => members.forEach((n) => community.set(n, i)));
const CROWD = 500;
const faded = (colour, share_) => (share_ === 1 ? colour : colour + Math.round(255 * share_).toString(16).padStart(2, "0"));

// In a crowd the edges between communities are a breath, so that the communities can be seen; a selected node's edges are drawn in full.
function visEdge(edge, crowded) {
  const relation = G.relations[G.relation[edge]];
  const facts = G.edgeFacts.get(edge);
  const plain = relation === "mentions";
  const color = plain ? ink().faint : EDGE_COLOURS[relation] || ink().edge;
  const far = crowded && community.get(G.from[edge]) !== community.get(G.to[edge]);
  return {
    id: edge, from: G.from[edge], to: G.to[edge], width: plain ? 1 : 1.6,
    color: { color: faded(color, crowded ? (far ? 0.1 : 0.5) : 1), highlight: ink().ring, hover: ink().ring },
    arrows: plain ? "" : { to: { enabled: true, scaleFactor: 0.45 } },
    dashes: Boolean(facts && facts.every((at) => G.facts[at].polarity !== "asserted" && G.facts[at].polarity !== "joined")),
  };
}

const isCrowd = (view) => view.edges.length > CROWD && view.focus < 0;

function startDrawing() {
  const view = visible();
  const at = places(view);
  const pins = new Set(nodesOf("pins"));
  nodeSet = new vis.DataSet(view.nodes.map((n) => visNode(n, at.get(n), pins.has(n))));
  edgeSet = new vis.DataSet(view.edges.map((e) => visEdge(e, isCrowd(view))));
  network = new vis.Network($("canvas"), { nodes: nodeSet, edges: edgeSet }, page.options);
  shown = { ...view, at, key: drawingKey(view) };
  network.on("beforeDrawing", drawCommunities);
  network.on("afterDrawing", drawLabels);
  network.on("click", ({ nodes, edges }) => {
    if (nodes.length) select(nodes[0]);
    else if (edges.length) selectEdge(edges[0]);
    else go({ node: "", edge: "" });
  });
  network.on("doubleClick", ({ nodes }) => { if (nodes.length) focusOn(nodes[0], 1); });
  network.on("hoverNode", ({ node }) => { hovered = node; });
  network.on("blurNode", () => { hovered = -1; });
  network.on("dragEnd", ({ nodes }) => {
    for (const n of nodes) moved.set(n, network.getPositions([n])[n]);
  });
  fit();
}

const drawingKey = (view) => [isDark(), state.pins, view.way.join(" "), view.focus, view.nodes.join(" "), view.edges.join(" ")].join("|");

// Bring the drawing to the state; only what changed is handed to vis.
function redraw() {
  const view = visible();
  const key = drawingKey(view);
  if (key !== shown.key) {
    const at = places(view);
    // vis draws while it is being handed the changes: `shown` is new first, and what is not there yet is passed over
    const arranged = view.way.join() !== shown.way.join() || view.focus !== shown.focus;
    const before = shown;
    const pins = new Set(nodesOf("pins"));
    const now = new Set(view.edges);
    shown = { ...view, at, key };
    edgeSet.remove(before.edges.filter((e) => !now.has(e)));
    nodeSet.remove(before.nodes.filter((n) => !view.drawn.has(n)));
    nodeSet.update(view.nodes.map((n) => visNode(n, at.get(n), pins.has(n))));
    edgeSet.update(view.edges.map((e) => visEdge(e, isCrowd(view))));
    if (arranged || view.nodes.length < before.nodes.length / 2 || view.nodes.length > before.nodes.length * 2) fit();
  }
  const node = lookUp(state.node);
  const edge = state.edge ? edgeNamed(state.edge) : -1;
  if (edge >= 0 && now_(edgeSet, edge)) network.setSelection({ nodes: [], edges: [edge] }, { highlightEdges: false });
  else if (node >= 0) network.setSelection({ nodes: [node], edges: [] });
  else network.unselectAll();
  const { x, y } = node >= 0 ? network.canvasToDOM(network.getPositions([node])[node]) : { x: 0, y: 0 };
  const { clientWidth, clientHeight } = $("canvas");
  if (node >= 0 && clientWidth && (x < 0 || y < 0 || x > clientWidth || y > clientHeight - covered())) centre(node);
  network.redraw();
}

const now_ = (set, id) => set.get(id) !== null;

// How much of the drawing the card covers from below, as it does on a phone.
function covered() {
  if (getComputedStyle($("card")).position !== "fixed") return 0;
  return Math.max(0, $("canvas").getBoundingClientRect().bottom - $("card").getBoundingClientRect().top);
}

function centre(node) {
  network.focus(node, { scale: Math.max(network.getScale(), 0.9), offset: { x: 0, y: -covered() / 2 }, animation: motion() });
}

const motion = () => (stillness.matches ? false : { duration: 300, easingFunction: "easeInOutQuad" });

// Fit by the places, without vis' animation: the first frame already shows everything.
function fit() {
  if (!$("canvas").clientWidth || !shown.nodes.length) return;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const n of shown.nodes) {
    const { x, y } = shown.at.get(n);
    left = Math.min(left, x - 40);
    right = Math.max(right, x + 40);
    top = Math.min(top, y - 40);
    bottom = Math.max(bottom, y + 60);
  }
  const scale = Math.min($("canvas").clientWidth / (right - left), $("canvas").clientHeight / (bottom - top), 1.4);
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale, animation: false });
}

function zoom(factor) {
  network.moveTo({ scale: Math.min(6, Math.max(0.03, network.getScale() * factor)), animation: motion() });
}

const inOverview = () => !shown.way.length && shown.focus < 0;

function drawCommunities(ctx) {
  if (!inOverview()) return;
  ctx.fillStyle = ink().disc;
  for (const [, x, y, radius] of page.groups) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fill();
  }
}

const shorten = (text, most) => {
  const letters = Array.from(text);
  return letters.length > most ? letters.slice(0, most - 1).join("").trimEnd() + "…" : text;
};
// Direction marks in a name must not turn round what is drawn after it.
const drawnName = (node) => MARK + shorten(nameOf(node).replace(/\s+/g, " "), isPaper(node) ? 24 : 30) + UNMARK;

function textWidth(ctx, text, font) {
  const key = font + text;
  if (!widths.has(key)) widths.set(key, ctx.measureText(text).width);
  return widths.get(key);
}

// Labels in screen pixels, most important first; one that would touch an earlier one waits until the reader zooms in.
function drawLabels(ctx) {
  const canvas = $("canvas");
  const scale = network.getScale();
  const ratio = ctx.canvas.width / canvas.clientWidth;
  const centreAt = network.getViewPosition();
  const toScreen = (x, y) => [(x - centreAt.x) * scale + canvas.clientWidth / 2, (y - centreAt.y) * scale + canvas.clientHeight / 2];
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.lineJoin = "round";
  const boxes = [];
  const air = shown.nodes.length > 160 ? 10 : 3;
  // in a small drawing labels keep clear of the nodes as well
  const solid = shown.nodes.length > 160 ? [] : shown.nodes.filter((n) => network.body.nodes[n]).map((n) => {
    const body = network.body.nodes[n];
    const [x, y] = toScreen(body.x, body.y);
    const r = 0.8 * sizeOf(n) * scale;
    return [x - r, y - r, x + r, y + r];
  });
  const put = (text, x, y, size, colour, weight, always) => {
    const font = weight + " " + size + "px system-ui, sans-serif";
    ctx.font = font;
    const width = textWidth(ctx, text, font);
    const box = [x - width / 2 - air, y - 1, x + width / 2 + air, y + size + air / 2];
    if (box[2] < 0 || box[0] > canvas.clientWidth || box[3] < 0 || box[1] > canvas.clientHeight) return;
    if (!always && (box[0] < 0 || box[2] > canvas.clientWidth)) return;
    const touches = (b) => b[0] < box[2] && box[0] < b[2] && b[1] < box[3] && box[1] < b[3];
    if (boxes.some(touches) || (!always && solid.some(touches))) return;
    boxes.push(box);
    ctx.lineWidth = 3.5;
    ctx.strokeStyle = ink().back;
    ctx.strokeText(text, x, y);
    ctx.fillStyle = colour;
    ctx.fillText(text, x, y);
  };
  const putNode = (n, weight, always) => {
    const body = network.body.nodes[n];
    if (!body) return;
    const [x, y] = toScreen(body.x, body.y);
    put(drawnName(n), x, y + sizeOf(n) * scale + 3, 12, ink().ink, weight, always);
  };
  const selected = lookUp(state.node);
  if (selected >= 0) putNode(selected, "bold", true);
  if (hovered >= 0) putNode(hovered, "bold", true);
  if (inOverview()) {
    for (const [name, x, y, radius] of page.groups) {
      const [a, b] = toScreen(x, y - radius);
      put(MARK + shorten(name, 32) + UNMARK, a, b - 4, 15, ink().soft, "600", false);
    }
  }
  if (selected >= 0) for (const e of edgesOf(selected)) if (shown.drawn.has(other(e, selected))) putNode(other(e, selected), "normal", false);
  const most = shown.nodes.length > 160 ? 70 : 140;
  for (const n of shown.nodes) {
    if (boxes.length > most) break;
    putNode(n, "normal", false);
  }
  ctx.restore();
  labelBoxes = boxes;
}

function setPhysics(on) {
  network.setOptions({ physics: on ? { enabled: true, solver: "forceAtlas2Based", stabilization: false, forceAtlas2Based: { springLength: 90, avoidOverlap: 0.4 } } : { enabled: false } });
  say(on ? "Physics on for the drawn part." : "Physics off.");
}

// From the selected node, or the middle, to the nearest drawn one in the direction of an arrow key.
function step(dx, dy) {
  const from = lookUp(state.node);
  const start = from >= 0 && network.body.nodes[from] ? network.body.nodes[from] : network.getViewPosition();
  let best = -1;
  let cost = Infinity;
  for (const n of shown.nodes) {
    if (n === from) continue;
    const { x, y } = network.body.nodes[n];
    const along = (x - start.x) * dx + (y - start.y) * dy;
    const aside = Math.abs((x - start.x) * dy) + Math.abs((y - start.y) * dx);
    if (along > 0 && along + 2 * aside < cost) [best, cost] = [n, along + 2 * aside];
  }
  if (best < 0 && from < 0 && shown.nodes.length) [best] = shown.nodes;
  if (best >= 0) select(best);
}

function canvasKey(event) {
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const keys = { "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: fit, Enter: () => $("card").focus(), Escape: () => go({ node: "", edge: "" }) };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (arrows[event.key]) step(...arrows[event.key]);
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
}
