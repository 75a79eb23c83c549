// Small ways to make elements; text only ever enters as text.
function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(key, value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== "") element.append(child);
  return element;
}

// 1,234 as in English; the browser's own way loads its tables of languages first, which costs more than the rest of the page's text.
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
const button = (text, onclick, attributes) => el("button", { type: "button", onclick, ...attributes }, text);
// Names keep their own direction to themselves.
const name_ = (text) => el("bdi", {}, text);
const nodeButton = (node, text) => el("button", { type: "button", class: "link", onclick: () => select(node), "data-node": idOf(node) }, symbol(typeOf(node)), name_(text || nameOf(node)));

function say(text) {
  $("live").textContent = text;
}

// Only http and https become links; anything else stays text.
function link(url, text) {
  const full = /^https?:\/\//i.test(url) ? url : /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(\/|$)/i.test(url) ? "https://" + url : "";
  if (!full) return name_(text || url);
  return el("a", { href: full, rel: "noopener noreferrer", target: "_blank" }, name_(text || url));
}

const SVG = "http://www.w3.org/2000/svg";
function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// The points of a type's shape of radius r around (x, y); a dot has none. The shapes of radius 1 are made once.
const corners = (count, radius, turn) => Array.from({ length: count }, (_, i) => {
  const angle = turn + (2 * Math.PI * i) / count;
  return [radius(i) * Math.cos(angle), radius(i) * Math.sin(angle)];
});
const UNIT = {
  page: outline("page", 0, 0, 1), cross: outline("cross", 0, 0, 1), diamond: corners(4, () => 1.1, 0), hexagon: corners(6, () => 1, 0),
  square: corners(4, () => 1.25, Math.PI / 4), triangle: corners(3, () => 1.2, -Math.PI / 2), triangleDown: corners(3, () => 1.2, Math.PI / 2),
  star: corners(10, (i) => (i % 2 ? 0.5 : 1.2), -Math.PI / 2),
};
const shapePoints = (type, x, y, r) => UNIT[SHAPES[type]]?.map(([a, b]) => [x + r * a, y + r * b]);

function symbol(type) {
  const box = svg("svg", { viewBox: "0 0 20 20", width: 14, height: 14, class: "symbol", "aria-hidden": "true" });
  const points = shapePoints(type, 10, 10, 7.5);
  const shape = points ? svg("polygon", { points: points.map((p) => p.map((v) => v.toFixed(1)).join(",")).join(" ") }) : svg("circle", { cx: 10, cy: 10, r: 7.5 });
  shape.setAttribute("class", "shape-" + type.toLowerCase());
  box.append(shape);
  return box;
}

const RELATION_WORDS = {
  introduces: "introduces", mentions: "mentions", outperforms: "outperforms", comparedWith: "compared with", basedOn: "based on", variantOf: "variant of",
  uses: "uses", evaluatedOn: "evaluated on", evaluatedBy: "evaluated by", addresses: "addresses", trainedOn: "trained on",
  trainedOnHardware: "trained on hardware", runsOnHardware: "runs on hardware", broader: "kind of",
};
const wordsFor = (relation) => RELATION_WORDS[relation] || relation;
const percent = (confidence) => Math.round(100 * confidence) + " %";

// A table with sortable columns when `sort` is given: columns are {key, title, number?}, rows are arrays of {text, show?}.
function tableOf(caption, columns, rows, { sort = "", onsort = null, id } = {}) {
  const [by, way] = sort.split(".");
  const head = el("tr", {}, columns.map((column) => {
    const sorted = by === column.key ? (way === "down" ? "descending" : "ascending") : "none";
    const inner = onsort ? button(column.title, () => onsort(column.key + (by === column.key && way !== "down" ? ".down" : ".up")), { class: "sort" }) : column.title;
    return el("th", { scope: "col", "aria-sort": onsort ? sorted : undefined, class: column.number ? "number" : undefined }, inner);
  }));
  const body = rows.map((row) => el("tr", {}, row.map((cell, i) => el("td", { class: columns[i].number ? "number" : undefined }, cell.show ? cell.show() : name_(cell.text)))));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, el("table", { id }, el("caption", {}, el("span", {}, caption)), el("thead", {}, head), el("tbody", {}, body)));
}
