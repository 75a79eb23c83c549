// Questions a researcher asks, each answered here as a table, and as SPARQL to ask `graph.ttl` itself. A test runs both and compares.
const PREFIXES = "PREFIX kg: <" + KG + ">\nPREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nPREFIX schema: <https://schema.org/>\n";
const said = (fact) => fact.polarity === "asserted";
const asked = (type, test) => G.facts.filter((fact) => fact.type === type && said(fact) && test(fact));
const claimed = (relation) => (test) => asked(0, (fact) => G.relations[fact.relation] === relation && test(fact));

// A concept and all that is narrower.
function narrower(node) {
  const broader = G.relations.indexOf("broader");
  const found = new Set([node]);
  for (const n of found) for (const e of edgesOf(n)) if (G.relation[e] === broader && G.to[e] === n && !G.edgeFacts.has(e)) found.add(G.from[e]);
  return found;
}

const node_ = (n) => (n === undefined || n < 0 ? { text: "" } : { text: nameOf(n), show: () => nodeButton(n) });
const paper_ = (fact) => (fact.paper < 0 ? { text: fact.source || "" } : { text: nameOf(fact.paper), show: () => nodeButton(fact.paper, shorten(nameOf(fact.paper), 60)) });
const word_ = (text) => ({ text: text === undefined ? "" : String(text) });
const STATED = "kg:statedIn ?paper ; kg:polarity \"asserted\"";
const claimQuery = (relation, side) => (iri) => "SELECT ?what ?paper ?sentence WHERE {\n  ?claim a kg:Claim ; rdf:predicate kg:" + relation + " ; rdf:" + side + " <" + iri + "> ; rdf:" + (side === "object" ? "subject" : "object") + " ?what ;\n    " + STATED + " ; <http://www.w3.org/ns/prov#wasDerivedFrom>/<http://www.w3.org/ns/oa#exact> ?sentence .\n} ORDER BY ?what ?paper";

const claimRows = (relation, side) => (about) => claimed(relation)((fact) => fact[side] === about && fact.sentence >= 0)
  .map((fact) => ({ fact, cells: [node_(side === "object" ? fact.subject : fact.object), paper_(fact)] }));
const numeric = (fact) => Number((fact.literal.value || "").replaceAll(",", ""));

const QUESTIONS = [
  {
    key: "hardware", title: "Which papers state hardware, which device, and how many?", columns: ["Paper", "Device", "Count", "Memory (GB)", "Role"],
    rows: () => asked(3, () => true).map((fact) => ({ fact, cells: [paper_(fact), node_(fact.slot.hardware), word_(fact.literal.count), word_(fact.literal.memory_gb), word_(fact.literal.role)] })),
    sparql: () => "SELECT ?paper ?device ?count ?memory ?role WHERE {\n  ?use a kg:HardwareUse ; kg:hardware/rdfs:label ?device ; " + STATED + " .\n  OPTIONAL { ?use kg:count ?count }\n  OPTIONAL { ?use kg:memoryGB ?memory }\n  OPTIONAL { ?use kg:role ?role }\n} ORDER BY ?device ?paper",
  },
  {
    key: "on", title: "What ran or was trained on this device?", about: ["Device", (n) => typeOf(n) === "Hardware"], columns: ["What", "Device", "Count", "Role", "Paper"],
    rows: (about) => {
      const devices = narrower(about);
      return asked(3, (fact) => devices.has(fact.slot.hardware)).map((fact) => ({ fact, cells: [node_(fact.slot.of), node_(fact.slot.hardware), word_(fact.literal.count), word_(fact.literal.role), paper_(fact)] }));
    },
    sparql: (iri) => "SELECT ?what ?device ?count ?role ?paper WHERE {\n  ?use a kg:HardwareUse ; kg:hardware ?device ; " + STATED + " .\n  ?device skos:broader* <" + iri + "> .\n  OPTIONAL { ?use kg:of ?what }\n  OPTIONAL { ?use kg:count ?count }\n  OPTIONAL { ?use kg:role ?role }\n} ORDER BY ?device ?paper",
  },
  { key: "beats", title: "What outperforms this?", about: ["Model, method or other concept", (n) => !isPaper(n)], columns: ["What", "Paper"], rows: claimRows("outperforms", "object"), sparql: claimQuery("outperforms", "object") },
  { key: "beaten", title: "What does this outperform?", about: ["Model, method or other concept", (n) => !isPaper(n)], columns: ["What", "Paper"], rows: claimRows("outperforms", "subject"), sparql: claimQuery("outperforms", "subject") },
  { key: "basedon", title: "What is based on this?", about: ["Model, method or other concept", (n) => !isPaper(n)], columns: ["What", "Paper"], rows: claimRows("basedOn", "object"), sparql: claimQuery("basedOn", "object") },
  { key: "users", title: "What uses this?", about: ["Method, software or other concept", (n) => !isPaper(n)], columns: ["What", "Paper"], rows: claimRows("uses", "object"), sparql: claimQuery("uses", "object") },
  {
    key: "leaderboard", title: "Leaderboard: the values of a metric", about: ["Metric", (n) => typeOf(n) === "Metric"], columns: ["Rank", "What", "Value", "Benchmark", "Task", "Baseline", "Paper"],
    rows: leaderboard,
    sparql: (iri) => "SELECT ?what ?value ?unit ?benchmark ?task ?baseline ?paper WHERE {\n  ?result a kg:Result ; kg:metric <" + iri + "> ; kg:value ?value ; " + STATED + " .\n  OPTIONAL { ?result kg:of ?what }\n  OPTIONAL { ?result kg:unit ?unit }\n  OPTIONAL { ?result kg:benchmark ?benchmark }\n  OPTIONAL { ?result kg:task ?task }\n  OPTIONAL { ?result kg:baseline ?baseline }\n} ORDER BY ?unit " + (G.better.get(lookUp(state.about)) === false ? "?value" : "DESC(?value)"),
  },
  {
    key: "evaluated", title: "What was evaluated on this dataset or benchmark?", about: ["Dataset or benchmark", (n) => ["Dataset", "Benchmark"].includes(typeOf(n))], columns: ["What", "Value", "Measure", "Paper"],
    rows: (about) => [
      ...claimed("evaluatedOn")((fact) => fact.object === about).map((fact) => ({ fact, cells: [node_(fact.subject), word_(""), word_(""), paper_(fact)] })),
      ...asked(1, (fact) => fact.slot.benchmark === about).map((fact) => ({ fact, cells: [node_(fact.slot.of), word_(valueText(fact)), node_(fact.slot.metric), paper_(fact)] })),
    ],
    sparql: (iri) => "SELECT ?what ?value ?metric ?paper WHERE {\n  { ?fact a kg:Claim ; rdf:predicate kg:evaluatedOn ; rdf:object <" + iri + "> ; rdf:subject ?what ; " + STATED + " }\n  UNION\n  { ?fact a kg:Result ; kg:benchmark <" + iri + "> ; " + STATED + " .\n    OPTIONAL { ?fact kg:of ?what }\n    OPTIONAL { ?fact kg:value ?value }\n    OPTIONAL { ?fact kg:metric ?metric } }\n} ORDER BY ?what ?paper",
  },
  {
    key: "sizes", title: "How large is what? (parameters, data, context, and other sizes)", columns: ["What", "Size", "Property", "Paper"],
    rows: () => asked(2, () => true).sort((a, b) => (a.literal.property < b.literal.property ? -1 : a.literal.property > b.literal.property ? 1 : numeric(b) - numeric(a)))
      .map((fact) => ({ fact, cells: [node_(fact.slot.of), word_(valueText(fact)), word_(fact.literal.property), paper_(fact)] })),
    sparql: () => "SELECT ?what ?value ?property ?paper WHERE {\n  ?size a kg:Quantity ; kg:property ?property ; kg:value ?value ; " + STATED + " .\n  OPTIONAL { ?size kg:of ?what }\n} ORDER BY ?property DESC(?value)",
  },
  {
    key: "introduces", title: "What does each paper introduce?", columns: ["Paper", "Introduces", "Type"],
    rows: () => Array.from(G.relation.keys()).filter((e) => G.relation[e] === 0).sort((a, b) => G.from[a] - G.from[b])
      .map((e) => ({ edge: e, cells: [node_(G.from[e]), node_(G.to[e]), word_(typeOf(G.to[e]))] })),
    sparql: () => "SELECT ?paper ?name ?type WHERE {\n  ?paper a kg:Paper ; kg:introduces ?what .\n  ?what rdfs:label ?name ; a ?type .\n} ORDER BY ?paper ?name",
  },
  {
    key: "code", title: "Which papers come with code?", columns: ["Paper", "Code"],
    rows: () => G.papers.flatMap((paper) => detail("code", paper).map((url) => ({ cells: [node_(paper), { text: url, show: () => link(url) }] }))),
    sparql: () => "SELECT ?paper ?code WHERE {\n  ?paper a kg:Paper ; schema:codeRepository ?code .\n} ORDER BY ?paper",
  },
];

// Values of a metric, grouped by unit (a percentage and a factor do not compare), the best first where the metric says which way is better.
function leaderboard(about) {
  const facts = asked(1, (fact) => fact.slot.metric === about && fact.literal.value !== undefined);
  const unit = (fact) => fact.literal.unit || "";
  const sign = G.better.get(about) === false ? 1 : -1;
  facts.sort((a, b) => (unit(a) < unit(b) ? -1 : unit(a) > unit(b) ? 1 : sign * (numeric(a) - numeric(b)) || a.at - b.at));
  let rank = 0;
  return facts.map((fact, i) => {
    rank = i && unit(facts[i - 1]) === unit(fact) ? rank + (numeric(facts[i - 1]) === numeric(fact) ? 0 : 1) : 1;
    return { fact, cells: [word_(rank), node_(fact.slot.of), word_(valueText(fact)), node_(fact.slot.benchmark), node_(fact.slot.task), node_(fact.slot.baseline), paper_(fact)] };
  });
}

function copy(area) {
  area.select();
  say(document.execCommand("copy") ? "Copied." : "Select and copy by hand, please.");
}

function answerTable(question, rows) {
  const said_ = question.columns.map((_, i) => rows.some((row) => row.cells[i].text !== "")); // a column that says nothing only takes room
  const columns = [...question.columns.filter((_, i) => said_[i]), "Evidence"].map((title) => ({ key: title, title, number: ["Rank", "Count", "Memory (GB)"].includes(title) }));
  const proof = (row) => ({
    text: "", show: () => (row.fact ? button("Sentence", (event) => toggleEvidence(event.target, row.fact), { class: "small", "aria-expanded": "false" })
      : row.edge === undefined ? "" : button("Sentence", () => selectEdge(row.edge), { class: "small" })),
  });
  const limit = 500;
  const made = tableOf(question.title + (question.title.endsWith("?") ? " " : ", ") + grouped(rows.length) + (rows.length === 1 ? " answer" : " answers") + (rows.length > limit ? ", the first " + limit + " shown" : ""), columns, rows.slice(0, limit).map((row) => [...row.cells.filter((_, i) => said_[i]), proof(row)]));
  made.classList.add("answers");
  return made;
}

function showQuestions() {
  const question = QUESTIONS.find((q) => q.key === state.ask);
  const about = lookUp(state.about);
  const list = el("ul", { class: "presets" }, QUESTIONS.map((q) => el("li", {}, button(q.title, () => go({ ask: q.key, about: q.about && about >= 0 && q.about[1](about) ? state.about : "" }), { "aria-pressed": String(q === question), "data-ask": q.key }))));
  const parts = [el("h2", {}, "Questions"), list];
  if (question) {
    const fits = question.about && about >= 0 && question.about[1](about);
    if (question.about) parts.push(nodeField("ask-about", question.about[0], fits ? about : -1, (n) => go({ about: idOf(n) }), question.about[1]), suggestions(question));
    if (!question.about || fits) {
      const rows = question.rows(about);
      const better = state.ask === "leaderboard" ? G.better.get(about) : undefined;
      if (state.ask === "leaderboard") parts.push(el("p", { class: "soft" }, better === undefined ? "Which way is better is not known for this metric; the highest value comes first." : better ? "Higher is better." : "Lower is better.", " Values of different units are ranked apart; values of different benchmarks or set-ups may not compare."));
      parts.push(rows.length ? answerTable(question, rows) : el("p", {}, "No stated fact answers this."));
      const sparql = PREFIXES + question.sparql(about >= 0 ? iri(idOf(about)) : "");
      const area = el("textarea", { id: "sparql", readonly: true, rows: String(sparql.split("\n").length), spellcheck: "false" });
      area.value = sparql;
      parts.push(el("details", { class: "group", open: true }, el("summary", {}, "The same as SPARQL"), el("label", { for: "sparql" }, "For graph.ttl in any SPARQL 1.1 store, or ", el("code", {}, "kgraph query"), ":"), area, button("Copy", () => copy(area), { id: "copy" })));
      say(rows.length + " answers.");
    }
  }
  const active = document.activeElement?.dataset?.ask;
  $("questions").replaceChildren(...parts);
  list.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (active) $("questions").querySelector("[data-ask=" + active + "]")?.focus();
}

// What the question has most answers for, as buttons.
function suggestions(question) {
  const found = [];
  for (let n = 0; n < G.size && found.length < 8; n++) if (question.about[1](n) && factsOf(n).length && question.rows(n).length) found.push(n);
  return found.length ? el("p", { class: "suggestions" }, "For example: ", found.map((n) => button(shorten(nameOf(n), 40), () => go({ about: idOf(n) }), { class: "small" }))) : null;
}
