// A way between two nodes with the sentence behind every step: the cheapest, where a stated fact costs less than a mere mention.
const COST = (edge) => (G.edgeFacts.has(edge) || G.relation[edge] === 0 ? 1 : G.relation[edge] === 1 ? 1.6 : 1.2);
let lastWay = { key: "", edges: [], nodes: [] };

// Dijkstra's algorithm with buckets: all costs are multiples of a fifth.
function wayBetween(a, b) {
  const f = filters();
  const key = [a, b, state.types, state.relations, state.polarity, state.from, state.to, state.undated, state.sure].join("|");
  if (lastWay.key === key) return lastWay;
  lastWay = { key, edges: [], nodes: [] };
  if (a < 0 || b < 0 || a === b) return lastWay;
  const passes = passingNodes(f);
  passes[a] = passes[b] = 1;
  const cost = new Float64Array(G.size).fill(Infinity);
  const via = new Int32Array(G.size).fill(-1);
  const buckets = [[a]];
  cost[a] = 0;
  for (let c = 0; c < buckets.length && cost[b] >= c; c++) {
    for (const n of buckets[c] || []) {
      if (cost[n] < c) continue;
      for (const e of edgesOf(n)) {
        const m = other(e, n);
        const next = c + Math.round(5 * COST(e));
        if (!passes[m] || next >= cost[m] || !edgePasses(e, f)) continue;
        cost[m] = next;
        via[m] = e;
        (buckets[next] = buckets[next] || []).push(m);
      }
    }
  }
  if (cost[b] === Infinity) return lastWay;
  for (let n = b; n !== a; n = other(via[n], n)) {
    lastWay.edges.unshift(via[n]);
    lastWay.nodes.unshift(n);
  }
  lastWay.nodes.unshift(a);
  return lastWay;
}

const pathNodes = () => wayBetween(lookUp(state.a), lookUp(state.b)).nodes;

function stepProof(edge, near) {
  const facts = (G.edgeFacts.get(edge) || []).map((at) => G.facts[at]);
  if (facts.length) return evidence(facts.find((fact) => fact.polarity === "asserted") || facts[0]);
  const [sentence] = G.relation[edge] < 2 ? sentencesNaming(G.from[edge], G.to[edge]) : [];
  if (sentence !== undefined) return el("div", { class: "evidence" }, quotation(sentence, [near, G.to[edge]]), where(sentence));
  return el("p", { class: "soft" }, G.relation[edge] < 2 ? "Named by the paper." : "Known from a list of names or from the form of the name.");
}

function showPath() {
  const [a, b] = [lookUp(state.a), lookUp(state.b)];
  const way = wayBetween(a, b);
  const steps = way.edges.map((edge, i) => {
    const [here, there] = [way.nodes[i], way.nodes[i + 1]];
    const forward = G.from[edge] === here;
    return el("li", {}, el("p", { class: "claim" }, nodeButton(forward ? here : there), " ", button(wordsFor(G.relations[G.relation[edge]]), () => selectEdge(edge), { class: "small" }), " ", nodeButton(forward ? there : here)), stepProof(edge, here));
  });
  const result = a < 0 || b < 0 ? el("p", {}, "Choose two papers or concepts to see how they hang together.")
    : a === b ? el("p", {}, "Both ends are the same.")
      : steps.length ? el("div", {}, el("h3", {}, steps.length + (steps.length === 1 ? " step" : " steps")), el("ol", { class: "steps" }, steps)) : el("p", {}, "No path joins these two with the filters as they are.");
  $("path").replaceChildren(el("h2", {}, "Path between two nodes"),
    el("div", { class: "fields" }, nodeField("path-a", "From", a, (n) => go({ a: idOf(n) })), nodeField("path-b", "To", b, (n) => go({ b: idOf(n) })), button("Swap", () => go({ a: state.b, b: state.a }))), result);
  if (a >= 0 && b >= 0) say(steps.length ? "Path of " + steps.length + " steps." : "No path.");
}
