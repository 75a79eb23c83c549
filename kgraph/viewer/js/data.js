// The graph in memory, from the packed columns that data.py writes. Nodes, sentences, facts and edges are numbers.
const DIGIT = new Int16Array(128).fill(-1);
Array.from(ALPHABET).forEach((c, i) => { DIGIT[c.charCodeAt(0)] = i; });
const G = {};

function unpack(text) {
  const numbers = [];
  let value = 0;
  let scale = 1;
  for (let i = 0; i < text.length; i++) {
    const digit = DIGIT[text.charCodeAt(i)];
    if (digit < BASE) {
      numbers.push(value + digit * scale);
      value = 0;
      scale = 1;
    } else {
      value += (digit - BASE) * scale;
      scale *= BASE;
    }
  }
  return numbers;
}

// What the first view needs stands open in the page: drawn nodes come first in the order of all nodes, drawn edges in that of all edges.
function readFirst() {
  const column = (name) => page.edges.map((edge) => edge[name]);
  Object.assign(G, {
    size: page.size, types: page.types, relations: page.relations, kind: new Uint8Array(page.size), label: page.nodes.map((node) => node.label),
    from: column("from"), to: column("to"), relation: column("relation").map((name) => page.relations.indexOf(name)),
  });
  page.nodes.forEach((node) => { G.kind[node.id] = page.types.indexOf(node.group); });
}

// All the rest is read in the reader's idle moments, at once when it is needed, and what needs it waits its turn.
const reading = { steps: null, waiting: [], begun: false };
const whole = (action) => {
  if (G.whole) return action();
  reading.waiting.push(action);
  readRest();
};

async function readRest() {
  if (reading.begun) return finish();
  reading.begun = true;
  if (document.readyState === "loading") await new Promise((done) => document.addEventListener("DOMContentLoaded", done));
  reading.steps = allSteps(await packedData());
  while (!G.whole) {
    const until = performance.now() + 8;
    if (reading.waiting.length) finish();
    else while (!G.whole && performance.now() < until) readOn();
    if (!G.whole) await new Promise((done) => window.requestIdleCallback ? requestIdleCallback(done, { timeout: 200 }) : setTimeout(done, 20));
  }
}

function* allSteps(data) {
  yield* engageSlowly();
  yield* readGraph(data);
}

function readOn() {
  if (!reading.steps.next().done) return;
  G.whole = true;
  document.documentElement.dataset.whole = "yes";
  for (const action of reading.waiting.splice(0)) action();
}

function finish() {
  while (reading.steps && !G.whole) readOn();
}

// The packed columns: plain in a small page, deflated in a large one.
async function packedData() {
  const rest = $("kg-rest").textContent;
  $("kg-rest").remove();
  if (rest.startsWith("{")) return JSON.parse(rest);
  const text = atob(rest);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// A generator, so that it can stop between any two papers.
function* readGraph(data) {
  const words = data.words.split(" ");
  const text = (packed) => unpack(packed).map((rank) => words[rank]).join(" ");
  yield;
  Object.assign(G, {
    data, text,
    slots: data.slots, strings: data.strings, literals: data.literals,
    kind: Uint8Array.from(unpack(data.kinds)), titled: new Set(unpack(data.titled)),
    better: new Map(Object.entries(data.better).map(([node, better]) => [Number(node), better])),
    papers: [], paperPlace: new Map(), introduced: [], mentioned: [],
    sentencePaper: [], sentenceTitle: [], sentenceStart: [], sentenceEnd: [], sentenceMentions: [0], paperSentences: [],
    mentionNode: [], mentionStart: [], mentionEnd: [], mentionSentence: [],
    facts: [], edgeFacts: new Map(), details: {}, abstracts: new Map(), byId: new Map(),
  });
  for (let edge = 0; edge < G.from.length; edge++) edgeNumbers.set(edgeKey(G.from[edge], G.relation[edge], G.to[edge]), edge);
  for (let node = 0; node < G.size; node++) {
    if (G.kind[node] === 0) {
      G.paperPlace.set(node, G.papers.length);
      G.papers.push(node);
    }
  }
  for (const name of Object.keys(data.details)) {
    yield;
    G.details[name] = readDetails(name, unpack(data.details[name]));
  }
  for (let node = 0; node < G.size; node++) {
    if (node % 100 === 0) yield;
    G.label[node] = text(data.labels[node]);
    G.byId.set(idOf(node), node);
  }
  const factIds = data.factIds.split(" ");
  let nextId = 0;
  for (let place = 0; place < data.bodies.length; place++) {
    if (place % 20 === 0) yield;
    nextId = readBody(unpack(data.bodies[place]), place < G.papers.length ? G.papers[place] : -1, factIds, nextId);
  }
  yield;
  readEdges();
}

function readDetails(name, numbers) {
  const found = new Map();
  let node = -1;
  for (let i = 0; i < numbers.length;) {
    node += numbers[i++];
    const values = [];
    for (let count = numbers[i++]; count > 0; count--) {
      const value = G.strings[numbers[i++]];
      values.push(name === "sources" ? value + ":" + numbers[i++] : value);
    }
    found.set(node, values);
  }
  return found;
}

function readBody(v, paper, factIds, nextId) {
  let i = 0;
  const local = new Array(v[i++]);
  for (let k = 0, last = -1; k < local.length; k++) local[k] = last += v[i++];
  const introduced = new Set();
  for (let count = v[i++]; count > 0; count--) introduced.add(local[v[i++]]);
  if (paper >= 0) {
    for (const concept of local) {
      const relation = introduced.has(concept) ? 0 : 1;
      // only among the drawn nodes can the edge be there already
      if (paper < page.budget && concept < page.budget) addEdge(paper, relation, concept);
      else pushEdge(paper, relation, concept);
    }
  }
  const first = G.sentencePaper.length;
  const lastStart = [0, 0];
  G.paperSentences.push([first, first + v[i]]);
  for (let count = v[i++]; count > 0; count--) {
    const title = v[i++];
    const start = lastStart[title] += v[i++];
    G.sentencePaper.push(paper);
    G.sentenceTitle.push(title);
    G.sentenceStart.push(start);
    G.sentenceEnd.push(start + v[i++]);
    let at = start;
    for (let mentions = v[i++]; mentions > 0; mentions--) {
      G.mentionNode.push(local[v[i++]]);
      at += v[i++];
      G.mentionStart.push(at);
      G.mentionEnd.push(at + v[i++]);
      G.mentionSentence.push(G.sentencePaper.length - 1);
    }
    G.sentenceMentions.push(G.mentionNode.length);
  }
  // every fact has the same fields in the same order, which keeps them small and quick
  const newFact = (type, sentence, pair, subject, relation, object) => {
    const [confidence, polarity, row, source, joined] = G.data.statements[pair];
    const fact = { type, paper, sentence: sentence ? first + sentence - 1 : -1, confidence, polarity, row, source, id: joined, at: G.facts.length, subject, relation, object };
    G.facts.push(fact);
    return fact;
  };
  for (let count = v[i++]; count > 0; count--) {
    const claim = newFact(0, v[i + 3], v[i + 4], local[v[i]], v[i + 1], local[v[i + 2]]);
    i += 5;
    addEdge(claim.subject, claim.relation, claim.object, claim.at);
  }
  for (let count = v[i++]; count > 0; count--) {
    const fact = newFact(v[i], v[i + 1], v[i + 2]);
    fact.id = factIds[nextId++];
    fact.start = v[i + 3] + (fact.sentence < 0 ? 0 : G.sentenceStart[fact.sentence]);
    fact.end = fact.start + v[i + 4];
    i += 5;
    fact.slot = {};
    fact.literal = {};
    for (let slots = v[i++]; slots > 0; slots--) fact.slot[G.slots[v[i++]]] = local[v[i++]];
    for (let literals = v[i++]; literals > 0; literals--) fact.literal[G.literals[v[i++]]] = G.strings[v[i++]];
    const about = fact.slot.of ?? (fact.type === 3 ? paper : -1);
    for (const [slot, relation] of Object.entries(G.data.factRelations)) {
      const target = fact.slot[slot];
      if (target === undefined || about < 0 || about === target) continue;
      const drawn = slot === "hardware" && fact.literal.role === "training" ? "trainedOnHardware" : relation;
      addEdge(about, G.relations.indexOf(drawn), target, fact.at);
    }
  }
  return nextId;
}

const edgeNumbers = new Map();
const edgeKey = (from, relation, to) => (from * 16 + relation) * G.size + to;

function pushEdge(from, relation, to) {
  G.from.push(from);
  G.relation.push(relation);
  return G.to.push(to) - 1;
}

// An edge between concepts, or from a fact: there is one for all the facts that say the same.
function addEdge(from, relation, to, fact) {
  const key = edgeKey(from, relation, to);
  let edge = edgeNumbers.get(key);
  if (edge === undefined) edgeNumbers.set(key, edge = pushEdge(from, relation, to));
  if (fact === undefined) return edge;
  const facts = G.edgeFacts.get(edge);
  if (!facts) G.edgeFacts.set(edge, [fact]);
  else if (facts[facts.length - 1] !== fact) facts.push(fact);
  return edge;
}

// Edges known without a paper that states them, then each node's edges as one stretch of `incident`.
function readEdges() {
  const known = unpack(G.data.known);
  G.known = new Set();
  for (let i = 0; i < known.length; i += 3) G.known.add(addEdge(known[i], known[i + 1], known[i + 2]));
  const start = new Int32Array(G.size + 1);
  for (let e = 0; e < G.from.length; e++) {
    start[G.from[e] + 1]++;
    start[G.to[e] + 1]++;
  }
  for (let n = 0; n < G.size; n++) start[n + 1] += start[n];
  const fill = start.slice();
  G.incident = new Int32Array(start[G.size]);
  for (let e = 0; e < G.from.length; e++) {
    G.incident[fill[G.from[e]]++] = e;
    G.incident[fill[G.to[e]]++] = e;
  }
  G.incidentStart = start;
}

const edgesOf = (node) => G.incident.subarray(G.incidentStart[node], G.incidentStart[node + 1]);
const other = (edge, node) => (G.from[edge] === node ? G.to[edge] : G.from[edge]);
const edgeBetween = (from, relation, to) => (from < 0 || to < 0 ? undefined : edgesOf(from).find((e) => G.from[e] === from && G.to[e] === to && G.relation[e] === relation));
const isPaper = (node) => G.kind[node] === 0;
const typeOf = (node) => G.types[G.kind[node]];
const nameOf = (node) => G.label[node].trim() || "(no name)";

function localId(node) {
  return G.data.ids[node] || (isPaper(node) ? "" : G.label[node].toLowerCase().replaceAll(" ", "-"));
}

const idOf = (node) => (isPaper(node) ? "paper:" : "e:") + localId(node);
const detail = (name, node) => G.details[name].get(node) || [];

function pagesOf(paper) {
  if (G.details.same_as.has(paper)) return detail("same_as", paper).filter(Boolean);
  const pages = detail("identifiers", paper).map((id) => [G.data.pages[id.split(":")[0]], id.slice(id.indexOf(":") + 1)]);
  return pages.filter(([base]) => base).map(([base, rest]) => base + rest);
}

function yearOf(paper) {
  const year = parseInt((detail("issued", paper)[0] || "").slice(0, 4), 10);
  return Number.isNaN(year) ? null : year;
}

function abstractOf(paper) {
  if (!G.abstracts.has(paper)) G.abstracts.set(paper, G.text(G.data.abstracts[G.paperPlace.get(paper)]));
  return G.abstracts.get(paper);
}

// Offsets count code points; JavaScript counts UTF-16 units, which is the same where there is no surrogate.
function slice(text, start, end) {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text).slice(start, end).join("") : text.slice(start, end);
}

function sentenceText(sentence) {
  const paper = G.sentencePaper[sentence];
  return slice(G.sentenceTitle[sentence] ? G.label[paper] : abstractOf(paper), G.sentenceStart[sentence], G.sentenceEnd[sentence]);
}

function mentionsIn(sentence) {
  const found = [];
  for (let m = G.sentenceMentions[sentence]; m < G.sentenceMentions[sentence + 1]; m++) found.push(m);
  return found;
}

const sentencesOf = (paper) => {
  const [first, last] = G.paperSentences[G.paperPlace.get(paper)];
  return Array.from({ length: last - first }, (_, i) => first + i);
};

// The sentences of a paper that name a concept.
const sentencesNaming = (paper, node) => sentencesOf(paper).filter((s) => mentionsIn(s).some((m) => G.mentionNode[m] === node));

function papersOf(node) {
  return Array.from(edgesOf(node)).filter((e) => G.relation[e] < 2 && G.to[e] === node).map((e) => G.from[e]);
}

// The facts that use a node: as subject, object or in a slot; for a paper all it says.
function factsOf(node) {
  if (!G.nodeFacts) {
    G.nodeFacts = new Map();
    const add = (n, fact) => {
      const list = G.nodeFacts.get(n);
      if (!list) G.nodeFacts.set(n, [fact]);
      else if (list[list.length - 1] !== fact) list.push(fact);
    };
    for (const fact of G.facts) {
      if (fact.paper >= 0) add(fact.paper, fact);
      for (const n of fact.type === 0 ? [fact.subject, fact.object] : Object.values(fact.slot)) add(n, fact);
    }
  }
  return G.nodeFacts.get(node) || [];
}
