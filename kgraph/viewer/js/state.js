// What the reader has chosen; it stands in the address' hash, so that a view can be shared, and every change can be undone.
const START = {
  view: "graph", node: "", edge: "", focus: "", hops: "1", grown: "", pins: "", types: "", relations: "", polarity: "",
  from: "", to: "", undated: "", sure: "", a: "", b: "", ask: "", about: "", sort: "", rows: "", leaf: "", find: "", theme: "",
};
const state = { ...START };
const history_ = [];
// Fields whose change is a step to undo; turning a leaf of the table is not.
const STEPLESS = new Set(["leaf", "theme", "find"]);

function toHash() {
  const parts = Object.keys(START).filter((key) => state[key] !== START[key]).map((key) => key + "=" + encodeURIComponent(state[key]));
  return parts.length ? "#" + parts.join("&") : "";
}

// Only known fields are taken from a hash, as text; what they name is looked up, so a false or hostile hash shows the whole graph.
function fromHash(hash) {
  Object.assign(state, START);
  for (const part of hash.replace(/^#/, "").split("&")) {
    const cut = part.indexOf("=");
    const key = part.slice(0, cut);
    if (cut > 0 && Object.hasOwn(START, key)) state[key] = decoded(part.slice(cut + 1));
  }
}

function decoded(text) {
  return /%(?![0-9a-f]{2})/i.test(text) || !wellFormed(text) ? "" : decodeURIComponent(text);
}

// Whether the escapes of a hash are UTF-8, which decodeURIComponent demands.
function wellFormed(text) {
  const bytes = text.replace(/[^\x00-\x7f]/g, "_").replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return /^(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})*$/.test(bytes);
}

const lookUp = (id) => (id ? G.byId.get(id) ?? -1 : -1);
const listOf = (key) => (state[key] ? state[key].split(" ").map(decodeURIComponent) : []);
const asList = (items) => items.map((item) => encodeURIComponent(item)).join(" ");
const nodesOf = (key) => listOf(key).map(lookUp).filter((n) => n >= 0);

// Change some fields, remember the state before, show the new one.
function go(change, { silent = false } = {}) {
  const before = JSON.stringify(state);
  Object.assign(state, change);
  if (JSON.stringify(state) === before) return;
  if (!silent && Object.keys(change).some((key) => !STEPLESS.has(key))) history_.push(before);
  writeHash();
  whole(show);
}

function undo() {
  const before = history_.pop();
  if (!before) return;
  const { theme } = state;
  Object.assign(state, JSON.parse(before), { theme });
  writeHash();
  show();
  say("Undone.");
}

// A page in a sandboxed notebook frame has no address of its own to write to.
const HAS_ADDRESS = location.protocol !== "about:" && window.origin !== undefined && (location.protocol === "file:" || window.origin !== "null");

function writeHash() {
  if (HAS_ADDRESS) history.replaceState(null, "", toHash() || location.pathname + location.search);
}

function edgeName(edge) {
  return asList([idOf(G.from[edge]), G.relations[G.relation[edge]], idOf(G.to[edge])]);
}

function edgeNamed(name) {
  const [from, relation, to] = name.split(" ").map((part) => decoded(part));
  const edge = edgeBetween(lookUp(from), G.relations.indexOf(relation), lookUp(to));
  return edge === undefined ? -1 : edge;
}

// The drawing can be pointed at before all the data is read, so these wait for it.
const select = (node) => whole(() => go({ node: idOf(node), edge: "" }));
const selectEdge = (edge) => whole(() => go({ edge: edgeName(edge) }));
const focusOn = (node, hops) => whole(() => go({ view: "graph", node: idOf(node), edge: "", focus: idOf(node), hops: String(hops) }));
const grow = (node) => go({ view: "graph", grown: asList([...new Set([...listOf("grown"), idOf(node)])]) });

function togglePin(node) {
  const pins = listOf("pins");
  go({ pins: asList(pins.includes(idOf(node)) ? pins.filter((p) => p !== idOf(node)) : [...pins, idOf(node)]) });
}
