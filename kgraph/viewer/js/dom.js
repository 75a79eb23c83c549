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

// The points of a shape of radius r around (x, y), as vis draws it; a dot has none.
function shapePoints(type, x, y, r) {
  const around = (count, radius, turn) => Array.from({ length: count }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / count;
    const reach = typeof radius === "function" ? radius(i) : radius;
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
  });
  const make = {
    page: () => outline("page", x, y, r), cross: () => outline("cross", x, y, r),
    diamond: () => around(4, r, 0), hexagon: () => around(6, r, 0), square: () => around(4, r * Math.SQRT2, Math.PI / 4),
    triangle: () => around(3, 1.15 * r, -Math.PI / 2), triangleDown: () => around(3, 1.15 * r, Math.PI / 2),
    star: () => around(10, (i) => (i % 2 ? 0.5 : 1.15) * r, -Math.PI / 2),
  };
  return make[SHAPES[type]] ? make[SHAPES[type]]() : null;
}

function symbol(type) {
  const box = svg("svg", { viewBox: "0 0 20 20", width: 14, height: 14, class: "symbol", "aria-hidden": "true" });
  const points = shapePoints(type, 10, 10, 8);
  const shape = points ? svg("polygon", { points: points.map((p) => p.map((v) => v.toFixed(1)).join(",")).join(" ") }) : svg("circle", { cx: 10, cy: 10, r: 8 });
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
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, el("table", { id }, el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, body)));
}
