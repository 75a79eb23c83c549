// The drawing: vis-network for edges, panning, picking and physics; nodes are drawn here in few strokes, labels so that they never overlap.
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
let systemIsDark = darkSystem.matches;
darkSystem.addEventListener("change", () => { systemIsDark = darkSystem.matches; });
const isDark = () => (state.theme ? state.theme === "dark" : systemIsDark);
const ink = () => (isDark() ? INK.dark : INK.light);
const colourOf = (type) => (type === "Hardware" ? ink().black : COLOURS[type]);

// The outline of the two shapes that pyvis' vis has not: a sheet with a folded corner, and a cross.
function outline(shape, x, y, r) {
  if (shape === "page") return [[-0.75, -1], [0.3, -1], [0.75, -0.55], [0.75, 1], [-0.75, 1]].map(([a, b]) => [x + a * r, y + b * r]);
  const t = 0.38;
  return [[-t, -1], [t, -1], [t, -t], [1, -t], [1, t], [t, t], [t, 1], [-t, 1], [-t, t], [-1, t], [-1, -t], [-t, -t]].map(([a, b]) => [x + a * r, y + b * r]);
}

// vis picks, drags and links the nodes; they are drawn here, all of a type in one path, which costs a third of drawing each by itself.
const PICK = ({ style }) => ({ drawNode() {}, nodeDimensions: { width: 2 * style.size, height: 2 * style.size } });

function traceNode(ctx, type, x, y, r) {
  const points = shapePoints(type, x, y, r);
  if (points) {
    points.forEach(([a, b], i) => (i ? ctx.lineTo(a, b) : ctx.moveTo(a, b)));
    ctx.closePath();
  } else {
    ctx.moveTo(x + r, y);
    ctx.arc(x, y, r, 0, 2 * Math.PI);
  }
}

function drawNodes(ctx) {
  const groups = G.types.map(() => []);
  for (const n of shown.nodes) {
    const body = network.body.nodes[n];
    if (body) groups[G.kind[n]].push([body, sizeOf(n)]);
  }
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = ink().line;
  groups.forEach((group, kind) => {
    if (!group.length) return;
    ctx.beginPath();
    for (const [{ x, y }, r] of group) traceNode(ctx, G.types[kind], x, y, r);
    ctx.fillStyle = colourOf(G.types[kind]);
    ctx.fill();
    ctx.stroke();
  });
  ctx.lineWidth = 4;
  ctx.strokeStyle = ink().ring;
  for (const n of [lookUp(state.node), hovered]) {
    const body = n >= 0 && network.body.nodes[n];
    if (!body) continue;
    ctx.beginPath();
    traceNode(ctx, typeOf(n), body.x, body.y, sizeOf(n));
    ctx.fillStyle = colourOf(typeOf(n));
    ctx.fill();
    ctx.stroke();
  }
}

const visNode = (node, place, fixed) => ({ id: node, x: place.x, y: place.y, size: sizeOf(node), fixed, shape: "custom", ctxRenderer: PICK });

const community = new Map();
page.groups.forEach(([, , , , members], i) => members.forEach((n) => community.set(n, i)));
const CROWD = 500;
const byte = (colour, i) => parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
// A colour on its way to the background; mixed here, since see-through lines cost a browser twice as much to draw.
const faded = (colour, part) => (part === 1 ? colour : "#" + [0, 1, 2].map((i) => Math.round(byte(ink().back, i) + part * (byte(colour, i) - byte(ink().back, i))).toString(16).padStart(2, "0")).join(""));

// In a crowd the edges between communities are a breath, so that the communities can be seen; a selected node's edges are drawn in full.
function visEdge(edge, crowded) {
  const relation = G.relations[G.relation[edge]];
  const facts = G.edgeFacts.get(edge);
  const plain = relation === "mentions";
  const color = plain ? ink().faint : EDGE_COLOURS[relation] || ink().edge;
  const far = crowded && community.get(G.from[edge]) !== community.get(G.to[edge]);
  return {
    id: edge, from: G.from[edge], to: G.to[edge], width: plain || crowded ? 1 : 1.6,
    color: { color: faded(color, crowded ? (far ? 0.12 : 0.5) : 1), highlight: ink().ring, hover: ink().ring },
    arrows: plain || crowded ? "" : { to: { enabled: true, scaleFactor: 0.45 } },
    dashes: !crowded && Boolean(facts && facts.every((at) => G.facts[at].polarity !== "asserted" && G.facts[at].polarity !== "joined")),
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
  network.on("beforeDrawing", drawBehind);
  network.on("afterDrawing", (ctx) => {
    if (!picture) drawNodes(ctx);
    drawLabels(ctx);
  });
  network.on("dragStart", ({ nodes }) => {
    dragging = true;
    picture = nodes.length || shown.edges.length < CROWD ? null : takePicture();
  });
  network.on("click", ({ nodes, edges }) => {
    if (nodes.length) select(nodes[0]);
    else if (edges.length) selectEdge(edges[0]);
    else go({ node: "", edge: "" });
  });
  $("canvas").addEventListener("dblclick", (event) => {
    const { left, top } = $("canvas").getBoundingClientRect();
    const node = network.getNodeAt({ x: event.clientX - left, y: event.clientY - top });
    if (node !== undefined) focusOn(node, 1);
  });
  network.on("hoverNode", ({ node }) => { hovered = node; });
  network.on("blurNode", () => { hovered = -1; });
  network.on("dragEnd", ({ nodes }) => {
    dragging = false;
    picture = null;
    for (const n of nodes) moved.set(n, network.getPositions([n])[n]);
  });
  fit();
  markSelection();
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
  markSelection();
  network.redraw();
}

// vis shows what is selected, and the view moves there if it is out of sight.
function markSelection() {
  const node = lookUp(state.node);
  const edge = state.edge ? edgeNamed(state.edge) : -1;
  if (edge >= 0 && now_(edgeSet, edge)) network.setSelection({ nodes: [], edges: [edge] }, { highlightEdges: false });
  else if (node >= 0) network.setSelection({ nodes: [node], edges: [] });
  else if (network.getSelectedNodes().length || network.getSelectedEdges().length) network.unselectAll();
  if (node < 0) return;
  const { x, y } = network.canvasToDOM(network.getPositions([node])[node]);
  const { clientWidth, clientHeight } = $("canvas");
  if (clientWidth && (x < 0 || y < 0 || x > clientWidth || y > clientHeight - covered())) centre(node);
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

// While the reader drags, vis leaves out its edges and nodes, and this file draws them: moving a large drawing moves a picture of it.
let dragging = false;
let picture = null;

function drawBehind(ctx) {
  if (picture) ctx.drawImage(picture.canvas, picture.x, picture.y, picture.width, picture.height);
  else {
    drawCommunities(ctx);
    if (dragging) drawEdges(ctx);
  }
}

// Discs, edges and nodes of the view and of half a view around it; what lies beyond comes when the hand lets go.
function takePicture() {
  const { clientWidth, clientHeight } = $("canvas");
  const ratio = network.canvas.frame.canvas.width / clientWidth;
  const scale = network.getScale();
  const { x, y } = network.getViewPosition();
  const [width, height] = [(2 * clientWidth) / scale, (2 * clientHeight) / scale];
  const canvas = el("canvas", { width: String(Math.round(2 * clientWidth * ratio)), height: String(Math.round(2 * clientHeight * ratio)) });
  const ctx = canvas.getContext("2d");
  ctx.setTransform(scale * ratio, 0, 0, scale * ratio, (width / 2 - x) * scale * ratio, (height / 2 - y) * scale * ratio);
  drawCommunities(ctx);
  drawEdges(ctx);
  drawNodes(ctx);
  return { canvas, x: x - width / 2, y: y - height / 2, width, height };
}

// The edges as vis draws them, without arrow heads, all of one look in one path.
function drawEdges(ctx) {
  const looks = new Map();
  for (const e of shown.edges) {
    const style = visEdge(e, isCrowd(shown));
    const key = style.color.color + style.width + style.dashes;
    if (!looks.has(key)) looks.set(key, [style, []]);
    looks.get(key)[1].push(e);
  }
  for (const [style, edges] of looks.values()) {
    ctx.beginPath();
    for (const e of edges) {
      const [a, b] = [network.body.nodes[G.from[e]], network.body.nodes[G.to[e]]];
      ctx.moveTo(a.x, a.y);
      ctx.lineTo(b.x, b.y);
    }
    ctx.strokeStyle = style.color.color;
    ctx.lineWidth = style.width;
    ctx.setLineDash(style.dashes ? [5, 5] : []);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

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
// Direction marks in a name must not turn round what is drawn after it; plain names need no isolation, which costs a search for a font.
const isolated = (text) => (/^[ -~]*…?$/.test(text) ? text : MARK + text + UNMARK);
const drawnNames = new Map();
function drawnName(node) {
  if (!drawnNames.has(node)) drawnNames.set(node, isolated(shorten(nameOf(node).replace(/\s+/g, " "), isPaper(node) ? 24 : 30)));
  return drawnNames.get(node);
}

function textWidth(ctx, text, font) {
  const key = font + text;
  if (!widths.has(key)) widths.set(key, ctx.measureText(text).width);
  return widths.get(key);
}

// Labels in screen pixels, most important first; one that would touch an earlier one waits until the reader zooms in.
function drawLabels(ctx) {
  const { clientWidth, clientHeight } = $("canvas");
  const scale = network.getScale();
  const ratio = ctx.canvas.width / clientWidth;
  const centreAt = network.getViewPosition();
  const toScreen = (x, y) => [(x - centreAt.x) * scale + clientWidth / 2, (y - centreAt.y) * scale + clientHeight / 2];
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
    if (box[2] < 0 || box[0] > clientWidth || box[3] < 0 || box[1] > clientHeight) return;
    if (!always && (box[0] < 0 || box[2] > clientWidth)) return;
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
    if (x < -200 || y < -60 || x > clientWidth + 200 || y > clientHeight) return;
    put(drawnName(n), x, y + sizeOf(n) * scale + 3, 12, ink().ink, weight, always);
  };
  const selected = lookUp(state.node);
  if (selected >= 0) putNode(selected, "bold", true);
  if (hovered >= 0) putNode(hovered, "bold", true);
  if (inOverview()) {
    for (const [name, x, y, radius] of page.groups) {
      const [a, b] = toScreen(x, y - radius);
      put(isolated(shorten(name, 32)), a, b - 4, 15, ink().soft, "600", false);
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
