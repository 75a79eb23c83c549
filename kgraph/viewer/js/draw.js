// The drawing: vis-network for the view, nodes, picking, dragging and physics. What is seen is drawn here: edges and nodes of one look in one path,
// which costs a tenth of vis' way, and labels so that they never overlap.
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
let hoveredEdge = -1;
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
  for (const n of shown.nodes) groups[G.kind[n]].push([placeOf(n), sizeOf(n)]);
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
    const place = placeOf(n);
    if (!place) continue;
    ctx.beginPath();
    traceNode(ctx, typeOf(n), place.x, place.y, sizeOf(n));
    ctx.fillStyle = colourOf(typeOf(n));
    ctx.fill();
    ctx.stroke();
  }
}

const visNode = (node, place, fixed) => ({ id: node, x: place.x, y: place.y, size: sizeOf(node), fixed });

// Where a drawn node is: vis knows when it has been handed the node, and until then it stands where the view put it.
const placeOf = (node) => network.body.nodes[node] ?? shown.at.get(node);

const community = new Map();
page.groups.forEach(([, , , , members], i) => members.forEach((n) => community.set(n, i)));
const CROWD = 500;
const byte = (colour, i) => parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
// A colour on its way to the background; mixed here, since see-through lines cost a browser twice as much to draw.
const faded = (colour, part) => (part === 1 ? colour : "#" + [0, 1, 2].map((i) => Math.round(byte(ink().back, i) + part * (byte(colour, i) - byte(ink().back, i))).toString(16).padStart(2, "0")).join(""));

// In a crowd the edges between communities are a breath, so that the communities can be seen; a selected node's edges are drawn in full.
function edgeLook(edge, view) {
  const crowded = isCrowd(view);
  const relation = G.relations[G.relation[edge]];
  const plain = relation === "mentions";
  const color = plain && !view.way.length ? ink().faint : EDGE_COLOURS[relation] || ink().edge;
  const far = crowded && community.get(G.from[edge]) !== community.get(G.to[edge]);
  return { color: faded(color, crowded ? (far ? 0.12 : 0.5) : 1), width: plain || crowded ? 1 : 1.6, arrow: !(plain || crowded), dashes: !crowded && isDashed(edge) };
}

// Whether no fact of an edge is asserted; edges of the first view know it before the facts are read.
function isDashed(edge) {
  if (edge < page.edges.length) return Boolean(page.edges[edge].dashes);
  const facts = G.edgeFacts.get(edge);
  return Boolean(facts && !G.known.has(edge) && facts.every((at) => G.facts[at].polarity !== "asserted" && G.facts[at].polarity !== "joined"));
}

const isCrowd = (view) => view.edges.length > CROWD && view.focus < 0;

// The edges of a view by their look: all of one look are drawn in one path.
function looksOf(view) {
  const looks = new Map();
  for (const e of view.edges) {
    const look = edgeLook(e, view);
    const key = look.color + look.width + look.arrow + look.dashes;
    if (!looks.has(key)) looks.set(key, [look, []]);
    looks.get(key)[1].push(e);
  }
  return Array.from(looks.values());
}

function startDrawing() {
  readPlaces();
  const view = visible();
  network = sketch;
  shown = { ...view, at: places(view), key: drawingKey(view), looks: looksOf(view) };
  for (const event of ["pointerover", ...PRESSES]) $("canvas").addEventListener(event, firstTouch, { capture: true });
  $("canvas").addEventListener("mousemove", hoverEdge);
  $("canvas").addEventListener("dblclick", (event) => {
    const { left, top } = $("canvas").getBoundingClientRect();
    const node = network.getNodeAt({ x: event.clientX - left, y: event.clientY - top });
    if (node !== undefined) focusOn(node, 1);
  });
  window.addEventListener("resize", refit);
  fit();
  if (G.whole) redraw();
}

// What vis tells while the reader moves, points and presses.
function listen() {
  network.on("beforeDrawing", drawBehind);
  network.on("afterDrawing", drawFront);
  network.on("zoom", () => { byHand = true; });
  network.on("dragStart", ({ nodes }) => {
    dragging = true;
    byHand = byHand || !nodes.length;
    picture = nodes.length || shown.edges.length < CROWD ? null : takePicture();
  });
  network.on("click", ({ nodes, pointer }) => {
    const edge = nodes.length ? -1 : edgeAt(pointer.canvas);
    if (nodes.length) select(nodes[0]);
    else if (edge >= 0) selectEdge(edge);
    else go({ node: "", edge: "" });
  });
  network.on("hoverNode", ({ node }) => { hovered = node; });
  network.on("blurNode", () => { hovered = -1; });
  network.on("dragEnd", ({ nodes }) => {
    dragging = false;
    picture = null;
    for (const n of nodes) moved.set(n, network.getPositions([n])[n]);
  });
}

const drawingKey = (view) => [isDark(), state.pins, view.way.join(" "), view.focus, view.nodes.join(" "), view.edges.join(" ")].join("|");

// Bring the drawing to the state; only what changed is handed to vis.
function redraw() {
  engageFully();
  const view = visible();
  const key = drawingKey(view);
  if (key !== shown.key) {
    const at = places(view);
    // vis draws while it is being handed the changes, so `shown` is new first
    const arranged = view.way.join() !== shown.way.join() || view.focus !== shown.focus;
    const before = shown;
    const pins = new Set(nodesOf("pins"));
    shown = { ...view, at, key, looks: looksOf(view) };
    hoveredEdge = -1;
    nodeSet.remove(before.nodes.filter((n) => !view.drawn.has(n)));
    nodeSet.update(view.nodes.map((n) => visNode(n, at.get(n), pins.has(n))));
    if ($("physics").checked) springs();
    if (arranged || view.nodes.length < before.nodes.length / 2 || view.nodes.length > before.nodes.length * 2) fit();
  }
  markSelection();
  network.redraw();
}

// vis shows what is selected, and the view moves there if it is out of sight.
function markSelection() {
  const node = lookUp(state.node);
  if (node >= 0 && !state.edge) network.setSelection({ nodes: [node], edges: [] });
  else if (network.getSelectedNodes().length) network.unselectAll();
  const edge = state.edge ? edgeNamed(state.edge) : -1;
  if (edge >= 0 && [G.from[edge], G.to[edge]].some(isOut)) centreEdge(edge);
  else if (edge < 0 && node >= 0 && isOut(node)) centre(node);
}

// Whether a drawn node stands outside of what is seen.
function isOut(node) {
  const { x, y } = network.canvasToDOM(placeOf(node));
  const { clientWidth, clientHeight } = $("canvas");
  return clientWidth > 0 && (x < 0 || y < 0 || x > clientWidth || y > clientHeight - covered());
}

// An edge with both its ends, no nearer than the view is.
function centreEdge(edge) {
  const [a, b] = [placeOf(G.from[edge]), placeOf(G.to[edge])];
  const { clientWidth, clientHeight } = $("canvas");
  const room = 120; // pixels, for the names at the ends
  const scale = Math.min(network.getScale(), (clientWidth - room) / (Math.abs(a.x - b.x) || 1), (clientHeight - covered() - room) / (Math.abs(a.y - b.y) || 1));
  network.moveTo({ position: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, scale, offset: { x: 0, y: -covered() / 2 }, animation: motion() });
}

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
  network.setSize(); // else vis scales the fitted view when it sees that the drawing's room has changed, as it does for a path
  const beside = shown.way.length ? 120 : 0; // pixels, so that the names at the ends of a path stand whole
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const n of shown.nodes) {
    const { x, y } = shown.at.get(n);
    left = Math.min(left, x - 40);
    right = Math.max(right, x + 40);
    top = Math.min(top, y - 40);
    bottom = Math.max(bottom, y + 60);
  }
  byHand = false;
  const under = Math.min(covered(), $("canvas").clientHeight / 2);
  const over = inOverview() ? 24 : 0; // pixels, so that the name of the topmost community stands whole however small the drawing
  const scale = Math.min(($("canvas").clientWidth - beside) / (right - left), ($("canvas").clientHeight - under - over) / (bottom - top), 1.4);
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 + (under - over) / 2 / scale }, scale, animation: false });
}

// Whether the reader has moved or zoomed the view since it was fitted.
let byHand = false;

// vis scales the view when the window's size changes, and may push nodes out of sight; a view that nobody has moved shows all of them again.
function refit() {
  engage();
  if (!byHand && !state.node && !state.edge) fit();
}

function zoom(factor) {
  byHand = true;
  engage();
  network.moveTo({ scale: Math.min(6, Math.max(0.03, network.getScale() * factor)), animation: motion() });
}

const inOverview = () => !shown.way.length && shown.focus < 0;

// While the reader drags a large drawing, a picture of it is moved.
let dragging = false;
let picture = null;

function drawFront(ctx) {
  if (!picture) drawNodes(ctx);
  drawLabels(ctx);
}

function drawBehind(ctx) {
  if (picture) ctx.drawImage(picture.canvas, picture.x, picture.y, picture.width, picture.height);
  else {
    drawCommunities(ctx);
    drawEdges(ctx);
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

function drawEdges(ctx) {
  for (const [look, edges] of shown.looks) drawLines(ctx, edges, look);
  const selected = state.edge ? -1 : lookUp(state.node);
  const bright = selected < 0 ? [] : shown.edges.filter((e) => G.from[e] === selected || G.to[e] === selected);
  bright.push(state.edge ? edgeNamed(state.edge) : -1, hoveredEdge);
  for (const e of bright) {
    if (e < 0) continue;
    const look = edgeLook(e, { ...shown, edges: [] });
    drawLines(ctx, [e], { ...look, color: ink().ring, width: 1.5 * look.width });
  }
}

function drawLines(ctx, edges, { color, width, arrow, dashes }) {
  const ends = edges.map((e) => [placeOf(G.from[e]), placeOf(G.to[e]), G.to[e]]);
  ctx.beginPath();
  for (const [a, b] of ends) {
    ctx.moveTo(a.x, a.y);
    ctx.lineTo(b.x, b.y);
  }
  ctx.strokeStyle = color;
  ctx.lineWidth = Math.max(width, 0.3 / network.getScale());
  ctx.setLineDash(dashes ? [5, 5] : []);
  ctx.stroke();
  ctx.setLineDash([]);
  if (!arrow) return;
  ctx.beginPath();
  for (const [a, b, to] of ends) {
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
    const [x, y] = [b.x - (sizeOf(to) + 1) * dx, b.y - (sizeOf(to) + 1) * dy];
    ctx.moveTo(x, y);
    ctx.lineTo(x - 9 * dx + 3.5 * dy, y - 9 * dy - 3.5 * dx);
    ctx.lineTo(x - 9 * dx - 3.5 * dy, y - 9 * dy + 3.5 * dx);
  }
  ctx.fillStyle = color;
  ctx.fill();
}

// The drawn edge that runs within ten pixels of a point of the drawing, or -1.
function edgeAt({ x, y }) {
  let best = -1;
  let least = 10 / Math.max(1, network.getScale());
  for (const e of shown.edges) {
    const [a, b] = [placeOf(G.from[e]), placeOf(G.to[e])];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const along = Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
    const reach = Math.hypot(a.x + along * dx - x, a.y + along * dy - y);
    if (reach < least) [best, least] = [e, reach];
  }
  return best;
}

function hoverEdge(event) {
  if (network === sketch) return;
  const { left, top } = $("canvas").getBoundingClientRect();
  const edge = dragging || event.buttons || hovered >= 0 ? -1 : edgeAt(network.DOMtoCanvas({ x: event.clientX - left, y: event.clientY - top }));
  if (edge === hoveredEdge) return;
  hoveredEdge = edge;
  network.redraw();
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
  const solid = shown.nodes.length > 160 ? [] : shown.nodes.map((n) => {
    const place = placeOf(n);
    const [x, y] = toScreen(place.x, place.y);
    const r = 0.8 * sizeOf(n) * scale;
    return [x - r, y - r, x + r, y + r];
  });
  const put = (text, x, y, size, colour, weight, always) => {
    const touches = (b) => b[0] < box[2] && box[0] < b[2] && b[1] < box[3] && box[1] < b[3];
    // half the least width a text can have: most that do not fit are told without measuring, which is dear
    const least = (text.length * size) / 10;
    let box = [x - least, y, x + least, y + size];
    if (boxes.some(touches)) return;
    const font = weight + " " + size + "px system-ui, sans-serif";
    ctx.font = font;
    const width = textWidth(ctx, text, font);
    box = [x - width / 2 - air, y - 1, x + width / 2 + air, y + size + air / 2];
    if (box[2] < 0 || box[0] > clientWidth || box[3] < 0 || box[1] > clientHeight) return;
    if (!always && (box[0] < 0 || box[2] > clientWidth)) return;
    if (boxes.some(touches) || (!always && solid.some(touches))) return;
    boxes.push(box);
    ctx.lineWidth = 3.5;
    ctx.strokeStyle = ink().back;
    if (!picture) ctx.strokeText(text, x, y); // the rim costs more than the text and is not missed while all moves
    ctx.fillStyle = colour;
    ctx.fillText(text, x, y);
  };
  const putNode = (n, weight, always) => {
    const place = placeOf(n);
    if (!place) return;
    const [x, y] = toScreen(place.x, place.y);
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

// Physics needs the edges in vis as well; there they are not drawn.
function springs() {
  edgeSet.clear();
  edgeSet.add(shown.edges.map((e) => ({ id: e, from: G.from[e], to: G.to[e], hidden: true })));
}

function setPhysics(on) {
  engageFully();
  if (on) springs();
  else edgeSet.clear();
  network.setOptions({ physics: on ? { enabled: true, solver: "forceAtlas2Based", stabilization: false, forceAtlas2Based: { springLength: 90, avoidOverlap: 0.4 } } : { enabled: false } });
  say(on ? "Physics on for the drawn part." : "Physics off.");
}

// From the selected node, or the middle, to the nearest drawn one in the direction of an arrow key.
function step(dx, dy) {
  const from = lookUp(state.node);
  const start = placeOf(from) ?? network.getViewPosition();
  let best = -1;
  let cost = Infinity;
  for (const n of shown.nodes) {
    if (n === from) continue;
    const { x, y } = placeOf(n);
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
