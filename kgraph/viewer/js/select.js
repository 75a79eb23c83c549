// What passes the filters, and of that, what is drawn.
function filters() {
  const number = (text) => (text === "" || Number.isNaN(Number(text)) ? null : Number(text));
  return {
    types: new Set(listOf("types")), relations: new Set(listOf("relations")), polarity: new Set(listOf("polarity")),
    from: number(state.from), to: number(state.to), undated: state.undated !== "no", sure: number(state.sure) || 0,
    none: !(state.relations || state.polarity || state.sure),
  };
}

function yearPasses(paper, f) {
  const year = yearOf(paper);
  return year === null ? f.undated : (f.from === null || year >= f.from) && (f.to === null || year <= f.to);
}

const hasYears = (f) => f.from !== null || f.to !== null || !f.undated;

// For each node 1 or 0; a concept passes a filter of years when a paper that names it does.
function passingNodes(f) {
  const passes = new Uint8Array(G.size).fill(1);
  if (!f.types.size && !hasYears(f)) return passes;
  for (let n = 0; n < G.size; n++) {
    passes[n] = Number(!f.types.has(typeOf(n)) && (!isPaper(n) || yearPasses(n, f)));
  }
  if (hasYears(f)) {
    for (let n = 0; n < G.size; n++) {
      if (passes[n] && !isPaper(n)) passes[n] = Number(papersOf(n).some((paper) => yearPasses(paper, f)));
    }
  }
  return passes;
}

const factPasses = (fact, f) => fact.confidence >= f.sure && !f.polarity.has(fact.polarity) && !f.relations.has(factRelation(fact))
  && (fact.paper < 0 || !hasYears(f) || yearPasses(fact.paper, f));
const FACT_WORDS = ["", "result", "quantity", "hardware use"];
const factRelation = (fact) => (fact.type === 0 ? G.relations[fact.relation] : FACT_WORDS[fact.type]);

// An edge passes by its relation, its ends, and where facts made it, by one of them.
function edgePasses(edge, f) {
  if (f.none) return true;
  if (f.relations.has(G.relations[G.relation[edge]])) return false;
  const facts = G.edgeFacts.get(edge);
  return !facts || facts.some((at) => G.facts[at].confidence >= f.sure && !f.polarity.has(G.facts[at].polarity));
}

// The view that the page was made with: the first nodes and edges of all.
const isFirstView = () => Object.keys(START).every((key) => state[key] === START[key] || key === "theme" || (key === "view" && state.view !== "path"));
function firstView() {
  const nodes = page.nodes.map((node) => node.id);
  return { nodes, drawn: new Set(nodes), edges: page.edges.map((_, edge) => edge), total: G.size, levels: new Map(), way: [], focus: -1 };
}

// { nodes: drawn nodes in the order of their rank, edges, total: how many pass, levels: hops from the focus by node }
function visible() {
  if (isFirstView()) return firstView();
  const f = filters();
  const passes = passingNodes(f);
  let total = 0;
  for (let n = 0; n < G.size; n++) total += passes[n];
  const drawn = new Set();
  const levels = new Map();
  const focus = lookUp(state.focus);
  const way = state.view === "path" ? pathNodes() : [];
  if (way.length) way.forEach((n) => drawn.add(n));
  else if (focus >= 0) {
    hopsFrom(focus, Number(state.hops) === 2 ? 2 : 1, passes, f, levels);
    for (const n of levels.keys()) drawn.add(n);
  } else {
    for (let n = 0; n < G.size && drawn.size < page.budget; n++) if (passes[n]) drawn.add(n);
  }
  const selected = lookUp(state.node);
  if (selected >= 0) {
    if (!drawn.has(selected) && !way.length) nearest(selected, passes, f, 12).forEach((n) => drawn.add(n));
    drawn.add(selected);
  }
  if (state.edge) {
    const edge = edgeNamed(state.edge);
    if (edge >= 0) drawn.add(G.from[edge]).add(G.to[edge]);
  }
  for (const n of nodesOf("pins")) drawn.add(n);
  for (const n of nodesOf("grown")) {
    drawn.add(n);
    nearest(n, passes, f, 60).forEach((m) => drawn.add(m));
  }
  const nodes = Array.from(drawn).sort((a, b) => a - b);
  return { nodes, drawn, edges: edgesAmong(drawn, f), total, levels, way, focus };
}

// The most telling neighbours of a node that pass.
function nearest(node, passes, f, limit) {
  const found = new Set();
  for (const e of edgesOf(node)) if (passes[other(e, node)] && edgePasses(e, f)) found.add(other(e, node));
  return Array.from(found).sort((a, b) => a - b).slice(0, limit);
}

// Breadth first, the most telling of each ring, within the budget.
function hopsFrom(focus, hops, passes, f, levels) {
  levels.set(focus, 0);
  let ring = [focus];
  for (let level = 1; level <= hops; level++) {
    const next = new Set();
    for (const n of ring) {
      for (const e of edgesOf(n)) {
        const m = other(e, n);
        if (!levels.has(m) && passes[m] && edgePasses(e, f)) next.add(m);
      }
    }
    const room = Math.max(0, (level === 1 ? page.budget : Math.min(page.budget, 250)) - levels.size);
    ring = Array.from(next).sort((a, b) => a - b).slice(0, room);
    for (const n of ring) levels.set(n, level);
  }
}

// Edges between drawn nodes; mentions come last and are the first to give way when there are too many.
function edgesAmong(drawn, f) {
  const found = [];
  const said = new Set();
  const isDrawn = new Uint8Array(G.size);
  for (const n of drawn) isDrawn[n] = 1;
  for (const n of drawn) {
    const last = G.incidentStart[n + 1];
    for (let i = G.incidentStart[n]; i < last; i++) {
      const e = G.incident[i];
      if (G.from[e] !== n || !isDrawn[G.to[e]] || !edgePasses(e, f)) continue;
      found.push(e);
      if (G.relation[e] !== 1) said.add(n * G.size + G.to[e]);
    }
  }
  const kept = found.filter((e) => G.relation[e] !== 1 || !said.has(G.from[e] * G.size + G.to[e]));
  const key = (e) => (G.relation[e] === 1 ? 1 : 0);
  kept.sort((a, b) => key(a) - key(b) || G.from[a] + G.to[a] - G.from[b] - G.to[b] || G.from[a] - G.from[b] || G.to[a] - G.to[b] || a - b);
  return kept.slice(0, page.edgeBudget);
}
