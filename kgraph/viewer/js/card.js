// The card of a node, and the evidence of an edge: every fact with its sentence, in which the names and the value are marked.
const MORE = 12;

function markedText(text, spans) {
  const letters = /[\ud800-\udfff]/.test(text) ? Array.from(text) : null;
  const part = (a, b) => (letters ? letters.slice(a, b).join("") : text.slice(a, b));
  const parts = [];
  let at = 0;
  for (const span of spans.filter((s) => s.end > s.start).sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start < at) continue;
    parts.push(part(at, span.start));
    const inner = part(span.start, span.end);
    parts.push(span.node === undefined ? el("mark", { class: "value" }, inner)
      : el("mark", { class: span.strong ? "strong" : undefined }, mention(span.node, inner)));
    at = span.end;
  }
  parts.push(part(at));
  return parts;
}

// A span with a button's role, since a real button would not break over lines like the text around it.
function mention(node, text) {
  const follow = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    select(node);
  };
  return el("span", { class: "mention", role: "button", tabindex: "0", dir: "auto", title: typeOf(node) + ": " + shorten(nameOf(node), 80), onclick: follow, onkeydown: follow }, text);
}

// A sentence as a quotation: `nodes` are marked strongly, `fact` gives the place of a value.
function quotation(sentence, nodes, fact) {
  const start = G.sentenceStart[sentence];
  const spans = mentionsIn(sentence).map((m) => ({ start: G.mentionStart[m] - start, end: G.mentionEnd[m] - start, node: G.mentionNode[m], strong: nodes.includes(G.mentionNode[m]) }));
  if (fact && fact.end > fact.start) spans.unshift({ start: fact.start - start, end: fact.end - start });
  return el("blockquote", { dir: "auto" }, markedText(sentenceText(sentence), spans));
}

function where(sentence, fact) {
  const paper = G.sentencePaper[sentence];
  const year = yearOf(paper);
  return el("p", { class: "where" }, nodeButton(paper, shorten(nameOf(paper), 90)),
    [year === null ? "no date" : String(year), (G.sentenceTitle[sentence] ? "title" : "abstract") + ", characters " + G.sentenceStart[sentence] + " to " + G.sentenceEnd[sentence],
      fact ? "confidence " + percent(fact.confidence) : "", fact && fact.polarity !== "asserted" ? fact.polarity : ""].filter(Boolean).map((text) => el("span", {}, text)));
}

function evidence(fact) {
  const nodes = fact.type === 0 ? [fact.subject, fact.object] : Object.values(fact.slot);
  if (fact.sentence < 0) {
    return el("div", { class: "evidence" }, el("p", { class: "where" }, el("span", {}, fact.source ? "from a table: " : "no sentence", name_(fact.source || "")), el("span", {}, "confidence " + percent(fact.confidence)), el("span", {}, fact.polarity)));
  }
  return el("div", { class: "evidence" }, quotation(fact.sentence, nodes, fact), where(fact.sentence, fact));
}

// A list that shows its first items and, on demand, the others.
function longList(items, make, cls = "") {
  const list = el("ul", { class: cls }, items.slice(0, MORE).map((item) => el("li", {}, make(item))));
  if (items.length <= MORE) return [list];
  const more = button("Show all " + items.length, () => {
    const added = items.slice(MORE).map((item) => el("li", {}, make(item)));
    list.append(...added);
    more.remove();
    added[0].querySelector("button, a")?.focus();
  }, { class: "more" });
  return [list, more];
}

function section(title, ...content) {
  return el("section", {}, el("h3", {}, title), ...content);
}

function fold_(title, count, content, open = false) {
  return el("details", { open, class: "group" }, el("summary", {}, title, el("span", { class: "count" }, " " + count)), content);
}

const valueText = (fact) => fact.literal.value_text || [fact.literal.value, fact.literal.unit].filter(Boolean).join(" ");

function factSentence(fact) {
  const not = { negated: "not: ", hypothetical: "perhaps: ", "prior work": "prior work: ", joined: "" }[fact.polarity] || "";
  if (fact.type === 0) return not + nameOf(fact.subject) + " " + wordsFor(G.relations[fact.relation]) + " " + nameOf(fact.object);
  const of = fact.slot.of === undefined ? "" : nameOf(fact.slot.of) + ": ";
  const slot = (name, word) => (fact.slot[name] === undefined ? "" : " " + word + " " + nameOf(fact.slot[name]));
  if (fact.type === 3) {
    const { count, memory_gb: memory, hours, role } = fact.literal;
    return not + of + (count ? count + " × " : "") + nameOf(fact.slot.hardware) + (memory ? ", " + memory + " GB" : "") + (hours ? ", " + hours + " hours" : "") + (role ? ", " + role : "");
  }
  if (fact.type === 2) return not + of + valueText(fact) + " " + fact.literal.property;
  return not + of + valueText(fact) + slot("metric", "").replace("  ", " ") + slot("benchmark", "on") + slot("task", "for") + slot("baseline", "against") + slot("model", "with");
}

// On what, for what, with what and against what a value was measured.
function setting(fact) {
  const parts = [["on", "benchmark"], ["for", "task"], ["with", "model"], ["against", "baseline"]].filter(([, slot]) => fact.slot[slot] !== undefined);
  return {
    text: parts.map(([word, slot]) => word + " " + nameOf(fact.slot[slot])).join(", "),
    show: () => el("span", {}, parts.flatMap(([word, slot], i) => [(i ? ", " : "") + word + " ", nodeButton(fact.slot[slot], shorten(nameOf(fact.slot[slot]), 60))])),
  };
}

function valuesTable(node, facts) {
  const cell = (value) => (value === undefined ? { text: "" } : { text: nameOf(value), show: () => (value === node ? name_(shorten(nameOf(value), 60)) : nodeButton(value, shorten(nameOf(value), 60))) });
  const columns = ["What", "Value", "Measure", "Setting", "Proof"].map((title) => ({ key: title, title }));
  const rows = facts.map((fact) => [
    cell(fact.slot.of ?? (fact.type === 3 ? fact.paper : undefined)),
    { text: fact.type === 3 ? [fact.literal.count && fact.literal.count + " ×", fact.literal.role].filter(Boolean).join(" ") || "used" : valueText(fact) + (fact.polarity === "asserted" ? "" : " (" + fact.polarity + ")") },
    fact.type === 2 ? { text: fact.literal.property } : cell(fact.slot.metric ?? fact.slot.hardware),
    setting(fact),
    { text: "proof", show: () => button("Show", (event) => toggleEvidence(event.target, fact), { class: "small", "aria-expanded": "false", "aria-label": "Sentence of " + factSentence(fact) }) },
  ]);
  // a column that says the same everywhere, or nothing, only takes room
  const kept = columns.map((_, i) => i === 1 || i === 4 || rows.some((row) => row[i].text !== "" && (i > 0 || row[i].text !== nameOf(node))));
  return tableOf("Values, " + rows.length, columns.filter((_, i) => kept[i]), rows.map((row) => row.filter((_, i) => kept[i])));
}

// Show a fact's evidence in a row of its own under the row of the button.
function toggleEvidence(from, fact) {
  const row = from.closest("tr");
  const open = from.getAttribute("aria-expanded") === "true";
  from.setAttribute("aria-expanded", String(!open));
  if (open) row.nextElementSibling.remove();
  else row.after(el("tr", { class: "proof" }, el("td", { colspan: row.children.length }, evidence(fact))));
}

function actions(node) {
  const pinned = listOf("pins").includes(idOf(node));
  return el("div", { class: "actions" },
    button("Focus 1 hop", () => focusOn(node, 1)), button("Focus 2 hops", () => focusOn(node, 2)), button("Expand", () => grow(node)),
    button(pinned ? "Unpin" : "Pin", () => togglePin(node), { "aria-pressed": String(pinned) }),
    button("Path from here", () => go({ view: "path", a: idOf(node), b: state.b === idOf(node) ? "" : state.b })),
    typeOf(node) === "Metric" ? button("Leaderboard", () => go({ view: "questions", ask: "leaderboard", about: idOf(node) })) : null);
}

function conceptCard(node) {
  const facts = factsOf(node);
  const values = facts.filter((fact) => fact.type !== 0);
  const papers = papersOf(node);
  const names = detail("alt_labels", node);
  const groups = new Map();
  for (const fact of facts.filter((f) => f.type === 0)) {
    const title = fact.subject === node ? wordsFor(G.relations[fact.relation]) + " …" : "… " + wordsFor(G.relations[fact.relation]) + " this";
    if (!groups.has(title)) groups.set(title, []);
    groups.get(title).push(fact);
  }
  for (const e of edgesOf(node)) {
    if (G.edgeFacts.has(e) || G.relation[e] < 2) continue;
    const title = "known without a paper";
    if (!groups.has(title)) groups.set(title, []);
    groups.get(title).push({ edge: e });
  }
  const sentences = papers.flatMap((paper) => sentencesNaming(paper, node));
  const better = G.better.get(node);
  return [
    names.length ? el("p", { class: "soft" }, "Also: ", names.flatMap((name, i) => [i ? ", " : "", name_(shorten(name, 200))])) : null,
    better === undefined ? null : el("p", { class: "soft" }, better ? "Higher is better." : "Lower is better."),
    actions(node),
    links([...detail("exact_match", node), ...detail("see_also", node)]),
    values.length ? section("Values", valuesTable(node, values.slice(0, 60))) : null,
    groups.size ? section("Facts", Array.from(groups).map(([title, list], i) => fold_(title, list.length, longList(list, (fact) => claimItem(fact, node), "facts"), i < 3))) : null,
    section("Papers", papers.length ? longList(papers, (paper) => [nodeButton(paper), " ", el("span", { class: "soft" }, [yearOf(paper) ?? "no date", edgeBetween(paper, 0, node) === undefined ? "" : ", introduces it"].join(""))]) : el("p", {}, "No paper of this graph names it.")),
    sentences.length ? section("Sentences", longList(sentences, (s) => el("div", { class: "evidence" }, quotation(s, [node]), where(s)), "plain")) : null,
  ];
}

function claimItem(fact, node) {
  if (fact.edge !== undefined) return [name_(nameOf(G.from[fact.edge])), " ", wordsFor(G.relations[G.relation[fact.edge]]), " ", nodeButton(other(fact.edge, node))];
  const far = fact.subject === node ? fact.object : fact.subject;
  const not = fact.polarity === "asserted" || fact.polarity === "joined" ? "" : fact.polarity + ": ";
  const edge = edgeBetween(fact.subject, fact.relation, fact.object);
  return [el("p", { class: "claim" }, not ? el("strong", {}, not) : "", nodeButton(far), " ", button("Evidence", () => selectEdge(edge), { class: "small", "aria-label": "Evidence: " + factSentence(fact) })), evidence(fact)];
}

function links(urls) {
  return urls.length ? el("ul", { class: "links" }, urls.map((url) => el("li", {}, link(url, shorten(url, 70))))) : null;
}

function paperCard(node) {
  const introduced = Array.from(edgesOf(node)).filter((e) => G.relation[e] === 0).map((e) => G.to[e]);
  const facts = factsOf(node);
  const values = facts.filter((fact) => fact.type !== 0);
  const first = sentencesOf(node)[0];
  const spans = sentencesOf(node).filter((s) => !G.sentenceTitle[s]).flatMap((s) => mentionsIn(s))
    .map((m) => ({ start: G.mentionStart[m], end: G.mentionEnd[m], node: G.mentionNode[m] }));
  const sought = state.find === "" ? -1 : first + Number(state.find);
  const listed = (title, items) => (items.length ? el("p", { class: "soft" }, title + ": ", items.flatMap((item, i) => [i ? ", " : "", name_(shorten(item, 200))])) : null);
  return [
    el("p", { class: "soft" }, [yearOf(node) ?? "no date", G.titled.has(node) ? "" : "no title in the input"].filter((t) => t !== "").join(", ")),
    listed("By", detail("creators", node)), listed("Identifiers", detail("identifiers", node)),
    actions(node),
    links([...pagesOf(node), ...detail("code", node)]),
    sought >= first && sought < G.paperSentences[G.paperPlace.get(node)][1] ? section("Found sentence", el("div", { class: "evidence" }, quotation(sought, []), where(sought))) : null,
    introduced.length ? section("Introduces", el("ul", {}, introduced.map((n) => el("li", {}, nodeButton(n))))) : null,
    values.length ? section("Values", valuesTable(node, values)) : null,
    facts.some((f) => f.type === 0) ? section("Facts", longList(facts.filter((f) => f.type === 0), (fact) => [el("p", { class: "claim" }, name_(factSentence(fact))), evidence(fact)], "facts")) : null,
    section("Abstract", abstractOf(node) ? el("p", { class: "abstract", dir: "auto" }, markedText(abstractOf(node), spans)) : el("p", {}, "No abstract.")),
    listed("Where it stands in the input", detail("sources", node)),
  ];
}

function edgeCard(edge) {
  const [from, to, relation] = [G.from[edge], G.to[edge], G.relation[edge]];
  const facts = (G.edgeFacts.get(edge) || []).map((at) => G.facts[at]);
  const sentences = relation < 2 ? sentencesNaming(from, to) : [];
  const more = Array.from(edgesOf(from)).filter((e) => e !== edge && other(e, from) === to);
  return [
    el("h2", { id: "card-title" }, nodeButton(from), " ", el("span", { class: "verb" }, wordsFor(G.relations[relation])), " ", nodeButton(to)),
    section("Evidence", facts.length ? longList(facts, evidence, "plain")
      : sentences.length ? longList(sentences, (s) => el("div", { class: "evidence" }, quotation(s, [to]), where(s)), "plain")
        : el("p", {}, relation < 2 ? "The paper names it, though in no sentence that was kept." : "Known from a list of names or from the form of the name; no paper of this graph states it.")),
    more.length ? section("Also between these two", el("ul", {}, more.map((e) => el("li", {}, button(nameOf(G.from[e]) + " " + wordsFor(G.relations[G.relation[e]]) + " " + nameOf(G.to[e]), () => selectEdge(e), { class: "link" }))))) : null,
  ];
}

function showCard() {
  const edge = state.edge ? edgeNamed(state.edge) : -1;
  const node = lookUp(state.node);
  const card = $("card");
  if (card.childElementCount) card.scrollTop = 0; // an empty card is not scrolled, and setting it lays out the page
  document.body.classList.toggle("chosen", edge >= 0 || node >= 0);
  const close = button("Close", () => { go({ node: "", edge: "" }); $("canvas").focus(); }, { class: "close" });
  if (edge >= 0) card.replaceChildren(close, ...edgeCard(edge).filter(Boolean));
  else if (node >= 0) {
    const head = el("h2", { id: "card-title", dir: "auto" }, symbol(typeOf(node)), name_(nameOf(node)));
    card.replaceChildren(close, head, el("p", { class: "type" }, typeOf(node)), ...(isPaper(node) ? paperCard(node) : conceptCard(node)).filter(Boolean));
  } else card.replaceChildren(...legend());
}

function legend() {
  const counts = page.counts.types;
  return [
    el("h2", {}, "What is drawn"),
    el("p", {}, "Select a node for its card, an edge for its sentences. Double-click a node to see it with its neighbours only."),
    el("ul", { class: "legend" }, G.types.filter((t) => counts[t]).map((t) => el("li", {}, symbol(t), t, el("span", { class: "count" }, " " + grouped(counts[t]))))),
    el("p", { class: "soft" }, "A dashed edge is not asserted: negated, hypothetical or prior work. Pale edges are mentions. A crowded drawing leaves out arrows and dashes; focus on a node to see them. A disc is a community, named after the concept with most links in it."),
    el("h3", {}, "Keys"),
    el("p", { class: "soft" }, "/ search. In the drawing: arrows go from node to node, Enter opens the card, + − 0 zoom. Ctrl+Z undoes, Escape closes."),
  ];
}
