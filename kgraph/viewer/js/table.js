// All facts, or all papers and concepts, as a table: the drawing's equal for those who cannot or would not see it.
const LEAF = 100;
const FACT_COLUMNS = [
  { key: "subject", title: "Subject" }, { key: "relation", title: "Relation" }, { key: "object", title: "Object or value" }, { key: "on", title: "On" },
  { key: "paper", title: "Paper" }, { key: "year", title: "Year", number: true }, { key: "confidence", title: "Confidence", number: true },
  { key: "polarity", title: "Polarity" }, { key: "sentence", title: "Sentence" },
];
const NODE_COLUMNS = [
  { key: "name", title: "Name" }, { key: "type", title: "Type" }, { key: "papers", title: "Papers", number: true }, { key: "links", title: "Links", number: true }, { key: "year", title: "Year", number: true },
];

const subjectOf = (fact) => (fact.type === 0 ? fact.subject : fact.slot.of ?? (fact.type === 3 ? fact.paper : -1));
const relationWords = (fact) => (fact.type === 0 ? wordsFor(G.relations[fact.relation]) : fact.type === 1 ? (fact.slot.metric === undefined ? "result" : nameOf(fact.slot.metric))
  : fact.type === 2 ? fact.literal.property : "runs on" + (fact.literal.role ? " (" + fact.literal.role + ")" : ""));

// The texts of a fact's row, by column.
function factCell(fact, key) {
  switch (key) {
    case "subject": return subjectOf(fact) < 0 ? "" : nameOf(subjectOf(fact));
    case "relation": return relationWords(fact);
    case "object": return fact.type === 0 ? nameOf(fact.object) : fact.type === 3 ? [fact.literal.count && fact.literal.count + " ×", nameOf(fact.slot.hardware)].filter(Boolean).join(" ") : valueText(fact);
    case "on": return fact.type === 1 ? [fact.slot.benchmark, fact.slot.task, fact.slot.baseline].filter((n) => n !== undefined).map(nameOf).join(", ") : "";
    case "paper": return fact.paper < 0 ? fact.source || "" : nameOf(fact.paper);
    case "year": return fact.paper < 0 ? "" : String(yearOf(fact.paper) ?? "");
    case "confidence": return percent(fact.confidence);
    case "polarity": return fact.polarity;
    default: return fact.sentence < 0 ? "" : sentenceText(fact.sentence);
  }
}

function factKey(fact, key) {
  if (key === "year") return fact.paper < 0 ? null : yearOf(fact.paper);
  if (key === "confidence") return fact.confidence;
  return factCell(fact, key).toLowerCase();
}

function nodeKey(node, key) {
  return { name: () => nameOf(node).toLowerCase(), type: () => G.kind[node], papers: () => (isPaper(node) ? 0 : papersOf(node).length), links: () => edgesOf(node).length, year: () => (isPaper(node) ? yearOf(node) : null) }[key]();
}

function sorted(items, columns, keyOf, first) {
  const [by, way] = (state.sort || first).split(".");
  if (!columns.some((column) => column.key === by)) return items;
  const keys = new Map(items.map((item) => [item, keyOf(item, by)]));
  const sign = way === "down" ? -1 : 1;
  const compare = (a, b) => sign * (typeof a === "string" ? (a < b ? -1 : a > b ? 1 : 0) : a - b);
  // what says nothing in this column comes last either way
  const silent = (key) => Number(key === "" || key === null);
  const order = (a, b) => silent(a) - silent(b) || (silent(a) ? 0 : compare(a, b));
  return items.map((item, i) => [item, i]).sort(([a, i], [b, j]) => order(keys.get(a), keys.get(b)) || i - j).map(([item]) => item);
}

const nodeCell = (node) => ({ text: nameOf(node), show: () => nodeButton(node) });

function factRow(fact) {
  return FACT_COLUMNS.map(({ key }) => {
    const text = factCell(fact, key);
    if (key === "subject" && subjectOf(fact) >= 0) return nodeCell(subjectOf(fact));
    if (key === "object" && fact.type === 0) return nodeCell(fact.object);
    if (key === "paper" && fact.paper >= 0) return { text, show: () => nodeButton(fact.paper, shorten(text, 44)) };
    if (key === "sentence" && fact.sentence >= 0) return { text, show: () => quotation(fact.sentence, [], fact) };
    return { text };
  });
}

function showTable() {
  const f = filters();
  const nodes = state.rows === "nodes";
  const passes = nodes ? passingNodes(f) : null;
  const all = nodes ? Array.from({ length: G.size }, (_, n) => n).filter((n) => passes[n]) : G.facts.filter((fact) => factPasses(fact, f));
  const columns = nodes ? NODE_COLUMNS : FACT_COLUMNS;
  const rows = sorted(all, columns, nodes ? nodeKey : factKey, nodes ? "links.down" : "confidence.down");
  const last = Math.max(0, Math.ceil(rows.length / LEAF) - 1);
  const leaf = Math.min(last, Math.max(0, Number(state.leaf) || 0));
  const part = rows.slice(leaf * LEAF, (leaf + 1) * LEAF);
  const caption = (nodes ? "Papers and concepts" : "Facts") + ": " + (rows.length ? leaf * LEAF + 1 + " to " + (leaf * LEAF + part.length) + " of " : "") + grouped(rows.length);
  const nodeRow = (n) => [nodeCell(n), { text: typeOf(n) }, { text: isPaper(n) ? "" : String(papersOf(n).length) }, { text: String(edgesOf(n).length) }, { text: isPaper(n) ? String(yearOf(n) ?? "no date") : "" }];
  const turn = (by) => go({ leaf: leaf + by ? String(leaf + by) : "" });
  const active = document.activeElement?.textContent;
  const made = tableOf(caption, columns, part.map(nodes ? nodeRow : factRow), { sort: state.sort || (nodes ? "links.down" : "confidence.down"), onsort: (sort) => go({ sort, leaf: "" }) });
  $("table").replaceChildren(
    el("div", { class: "bar" },
      el("div", { role: "group", "aria-label": "Rows" }, button("Facts", () => go({ rows: "", sort: "", leaf: "" }), { "aria-pressed": String(!nodes) }), button("Papers and concepts", () => go({ rows: "nodes", sort: "", leaf: "" }), { "aria-pressed": String(nodes) })),
      el("div", { role: "group", "aria-label": "Pages of the table" }, button("Previous", () => turn(-1), { disabled: leaf === 0 }), button("Next", () => turn(1), { disabled: leaf === last }))),
    made);
  // sorting builds the head anew: the reader stays on the same head
  if (active) Array.from(made.querySelectorAll("th button")).find((b) => b.textContent === active)?.focus();
  say(caption);
}
