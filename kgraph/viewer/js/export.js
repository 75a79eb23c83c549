// The visible part as files: a picture (PNG, SVG), its facts (CSV, Parquet), its graph (Turtle), its papers (BibTeX).
function download(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const a = el("a", { href: url, download: name });
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  say(name + " saved.");
}

// Facts whose nodes are all drawn and that pass the filters.
function visibleFacts() {
  const f = filters();
  const drawn = (n) => n === undefined || n < 0 || shown.drawn.has(n);
  return G.facts.filter((fact) => factPasses(fact, f) && (fact.type === 0 ? drawn(fact.subject) && drawn(fact.object) : Object.values(fact.slot).every(drawn) && (Object.keys(fact.slot).length > 0 || drawn(fact.paper))));
}

const FACT_FIELDS = [...FACT_COLUMNS.map((column) => column.key), "start", "end", "identifier"];
function factFields(fact) {
  return FACT_FIELDS.map((key) => {
    if (key === "confidence") return String(fact.confidence);
    if (key === "start" || key === "end") return fact.sentence < 0 ? "" : String((key === "start" ? G.sentenceStart : G.sentenceEnd)[fact.sentence]);
    if (key === "identifier") return fact.paper < 0 ? "" : detail("identifiers", fact.paper)[0] || idOf(fact.paper);
    if (key === "relation" && fact.type === 0) return G.relations[fact.relation];
    return factCell(fact, key);
  });
}

// RFC 4180; a cell that a spreadsheet would take for a formula gets an apostrophe, as OWASP advises.
function csv(rows) {
  const cell = (text) => {
    const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? "\"" + safe.replaceAll("\"", "\"\"") + "\"" : safe;
  };
  return rows.map((row) => row.map(cell).join(",") + "\r\n").join("");
}

function bibtex(papers) {
  const escape = (text) => text.replace(/[\\{}]/g, (c) => ({ "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}" })[c]).replace(/([#$%&_])/g, "\\$1").replace(/~/g, "\\textasciitilde{}").replace(/\^/g, "\\textasciicircum{}").replace(/\s+/g, " ");
  const keys = new Set();
  return papers.map((paper) => {
    let key = localId(paper).replace(/[^A-Za-z0-9.:-]+/g, "-") || "paper";
    while (keys.has(key)) key += "a";
    keys.add(key);
    const arxiv = detail("identifiers", paper).find((id) => id.startsWith("arXiv:"));
    const doi = detail("identifiers", paper).find((id) => id.startsWith("doi:"));
    const issued = detail("issued", paper)[0] || "";
    const fields = [["title", "{" + escape(G.label[paper]) + "}"], ["author", detail("creators", paper).map(escape).join(" and ")], ["year", issued.slice(0, 4)], ["eprint", arxiv?.slice(6)], ["archivePrefix", arxiv ? "arXiv" : ""], ["doi", doi ? escape(doi.slice(4)) : ""],
      ["url", (pagesOf(paper).find((url) => /^https?:/i.test(url)) || "").replace(/[{}\\\s]/g, encodeURIComponent)], ["abstract", escape(abstractOf(paper))]];
    return "@misc{" + key + ",\n" + fields.filter(([, value]) => value).map(([name, value]) => "  " + name + " = {" + value + "}").join(",\n") + "\n}\n";
  }).join("\n");
}

// Control characters may not stand in XML, not even escaped.
// eslint-disable-next-line no-control-regex
const xmlText = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd").replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" })[c]);

// The whole visible part as vectors, with every label that finds room at scale 1.
function svgPicture() {
  const at = network.getPositions(shown.nodes);
  const edges = shown.edges.map((e) => {
    const [a, b, look] = [at[G.from[e]], at[G.to[e]], edgeLook(e, shown)];
    return "<line x1=\"" + a.x + "\" y1=\"" + a.y + "\" x2=\"" + b.x + "\" y2=\"" + b.y + "\" stroke=\"" + look.color + "\" stroke-width=\"" + look.width + "\"" + (look.dashes ? " stroke-dasharray=\"5 4\"" : "") + "/>";
  });
  const boxes = [];
  const words = [];
  let [left, right, top, bottom] = [0, 0, 0, 0];
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = "12px sans-serif";
  const nodes = shown.nodes.map((n) => {
    const { x, y } = at[n];
    const r = sizeOf(n);
    const points = shapePoints(typeOf(n), x, y, r);
    const width = pen.measureText(drawnName(n)).width;
    const box = [x - width / 2 - 2, y + r + 1, x + width / 2 + 2, y + r + 17];
    [left, right, top, bottom] = [Math.min(left, x - r, box[0]), Math.max(right, x + r, box[2]), Math.min(top, y - r), Math.max(bottom, box[3])];
    if (!boxes.some((b) => b[0] < box[2] && box[0] < b[2] && b[1] < box[3] && box[1] < b[3])) {
      boxes.push(box);
      words.push("<text x=\"" + x + "\" y=\"" + (y + r + 13) + "\">" + xmlText(drawnName(n)) + "</text>");
    }
    const paint = " fill=\"" + colourOf(typeOf(n)) + "\" stroke=\"" + ink().line + "\" stroke-width=\"1.5\"><title>" + xmlText(nameOf(n) + " (" + typeOf(n) + ")") + "</title>";
    return points ? "<polygon points=\"" + points.map((p) => p.map((v) => v.toFixed(1)).join(",")).join(" ") + "\"" + paint + "</polygon>" : "<circle cx=\"" + x + "\" cy=\"" + y + "\" r=\"" + r + "\"" + paint + "</circle>";
  });
  const box = [left - 20, top - 20, right - left + 40, bottom - top + 40].map(Math.round).join(" ");
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"" + box + "\"><title>" + xmlText(page.title) + "</title><rect x=\"" + (left - 20) + "\" y=\"" + (top - 20) + "\" width=\"100%\" height=\"100%\" fill=\"" + ink().back + "\"/><g>" + edges.join("") + "</g><g>" + nodes.join("") + "</g><g font-family=\"sans-serif\" font-size=\"12\" text-anchor=\"middle\" fill=\"" + ink().ink + "\" stroke=\"" + ink().back + "\" stroke-width=\"3\" paint-order=\"stroke\">" + words.join("") + "</g></svg>\n";
}

function savePng() {
  const drawn = network.canvas.frame.canvas;
  const copy_ = el("canvas", { width: String(drawn.width), height: String(drawn.height) });
  const pen = copy_.getContext("2d");
  pen.fillStyle = ink().back;
  pen.fillRect(0, 0, drawn.width, drawn.height);
  pen.drawImage(drawn, 0, 0);
  copy_.toBlob((blob) => download("graph.png", "image/png", blob), "image/png");
}

const EXPORTS = [
  ["PNG picture", savePng],
  ["SVG picture", () => download("graph.svg", "image/svg+xml", svgPicture())],
  ["CSV of the facts", () => download("facts.csv", "text/csv;charset=utf-8", csv([FACT_FIELDS, ...visibleFacts().map(factFields)]))],
  ["Parquet of the facts", () => download("facts.parquet", "application/vnd.apache.parquet", parquet(FACT_FIELDS, visibleFacts().map(factFields)))],
  ["Turtle", () => download("graph.ttl", "text/turtle;charset=utf-8", turtle(shown.nodes, visibleFacts()))],
  ["BibTeX of the papers", () => download("papers.bib", "text/plain;charset=utf-8", bibtex(shown.nodes.filter(isPaper)))],
];

function showExports() {
  $("export-list").replaceChildren(el("p", { class: "soft" }, "The part that is drawn:"), ...EXPORTS.map(([title, save]) => button(title, () => { whole(save); $("export").open = false; $("export").querySelector("summary").focus(); })));
}
