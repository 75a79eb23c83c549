// Turtle of the visible part, in the vocabulary of graph.ttl and with the same IRIs.
const TERMS = {
  kg: KG, dcterms: "http://purl.org/dc/terms/", oa: "http://www.w3.org/ns/oa#", prov: "http://www.w3.org/ns/prov#", rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  rdfs: "http://www.w3.org/2000/01/rdf-schema#", schema: "https://schema.org/", skos: "http://www.w3.org/2004/02/skos/core#", xsd: "http://www.w3.org/2001/XMLSchema#",
};
const escapedBytes = (text) => Array.from(new TextEncoder().encode(text), (b) => "%" + b.toString(16).toUpperCase().padStart(2, "0")).join("");
const ILLEGAL = /[^A-Za-z0-9\-._~!$'()*+,;:@&=\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\u{10000}-\u{1fffd}]/gu;

// The IRI of a node `e:x` or `paper:x`; what an IRI may not have is percent-encoded.
function iri(id) {
  const cut = id.indexOf(":");
  return ID + id.slice(0, cut) + "/" + id.slice(cut + 1).replace(ILLEGAL, (c) => (c === "\ufffd" ? "%3F" : escapedBytes(c)));
}

const ref = (id) => "<" + iri(id) + ">";

function webIri(url) {
  const full = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(url.trim()) ? url.trim() : "https://" + url.trim().replace(/^\/+/, "");
  const cut = full.indexOf("://") + 3;
  const encode = (text, safe) => text.replace(safe, escapedBytes);
  const lax = /[^A-Za-z0-9%/:?#@!$&'()*+,;=~\-._]/gu;
  const odd = /%(?![0-9A-Fa-f]{2})/.test(full) || /^[^/?#]*(:[^/?#@]*[^0-9/?#@][^/?#@]*)$/.test(full.slice(cut).split(/[/?#]/)[0].split("@").pop()) || full.split("#").length > 2;
  return "<" + (odd ? full.slice(0, cut) + encode(full.slice(cut), /[^A-Za-z0-9/_.\-~]/gu) : encode(full, lax)) + ">";
}

const ESCAPES = { "\\": "\\\\", "\"": "\\\"", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
// eslint-disable-next-line no-control-regex
const literal = (text) => "\"" + text.replace(/[\\"\n\r\t]/g, (c) => ESCAPES[c]).replace(/[\u0000-\u001f\u007f]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")) + "\"";

// A decimal text as the shortest number: whole ones without a point, none with an exponent.
function decimal(text) {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text.replaceAll(",", ""));
  if (!match) return literal(text);
  let [, sign, whole, part, power] = match;
  const shift = Number(power || 0);
  if (shift > 0) [whole, part] = [whole + part.slice(0, shift).padEnd(shift, "0"), part.slice(shift)];
  if (shift < 0) [whole, part] = [whole.slice(0, shift) || "0", whole.padStart(-shift, "0").slice(shift) + part];
  const clean = (whole.replace(/^0+/, "") || "0") + (part.replace(/0+$/, "") ? "." + part.replace(/0+$/, "") : "");
  return (sign === "-" && clean !== "0" ? "-" : "") + clean;
}

function share(value) {
  const text = value >= 0.001 ? String(Math.round(value * 1000) / 1000) : "0.0";
  return text.includes(".") ? text : text + ".0";
}

function dated(text) {
  const year = /^(\d{4})(?!\d)/.exec(text);
  if (!year || year[1] === "0000") return null;
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(text + "T00:00:00Z") : null;
  return day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? "\"" + text + "\"^^xsd:date" : "\"" + year[1] + "\"^^xsd:gYear";
}

// BLAKE2b (RFC 7693) with a digest of at most eight bytes: the hash that a claim's id is made of.
const IV = ["6a09e667f3bcc908", "bb67ae8584caa73b", "3c6ef372fe94f82b", "a54ff53a5f1d36f1", "510e527fade682d1", "9b05688c2b3e6c1f", "1f83d9abfb41bd6b", "5be0cd19137e2179"].map((h) => BigInt("0x" + h));
const SIGMA = ["0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d", "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0"].map((row) => Array.from(row, (c) => parseInt(c, 16)));
const WORD = (1n << 64n) - 1n;

function digest(text) {
  const bytes = new TextEncoder().encode(text);
  const h = IV.slice();
  h[0] ^= 0x01010000n ^ BigInt(G.data.claimBytes);
  const blocks = Math.max(1, Math.ceil(bytes.length / 128));
  for (let block = 0; block < blocks; block++) {
    const m = Array.from({ length: 16 }, (_, i) => {
      let word = 0n;
      for (let b = 7; b >= 0; b--) word = (word << 8n) | BigInt(bytes[block * 128 + i * 8 + b] ?? 0);
      return word;
    });
    const last = block === blocks - 1;
    const v = [...h, ...IV];
    v[12] ^= BigInt(last ? bytes.length : (block + 1) * 128);
    if (last) v[14] ^= WORD;
    const turn = (x, n) => ((x >> n) | (x << (64n - n))) & WORD;
    const mix = (a, b, c, d, x, y) => {
      v[a] = (v[a] + v[b] + x) & WORD;
      v[d] = turn(v[d] ^ v[a], 32n);
      v[c] = (v[c] + v[d]) & WORD;
      v[b] = turn(v[b] ^ v[c], 24n);
      v[a] = (v[a] + v[b] + y) & WORD;
      v[d] = turn(v[d] ^ v[a], 16n);
      v[c] = (v[c] + v[d]) & WORD;
      v[b] = turn(v[b] ^ v[c], 63n);
    };
    for (let round = 0; round < 12; round++) {
      const s = SIGMA[round % 10];
      for (let i = 0; i < 4; i++) mix(i, 4 + i, 8 + i, 12 + i, m[s[2 * i]], m[s[2 * i + 1]]);
      for (let i = 0; i < 4; i++) mix(i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4), m[s[8 + 2 * i]], m[s[9 + 2 * i]]);
    }
    for (let i = 0; i < 8; i++) h[i] ^= v[i] ^ v[i + 8];
  }
  return Array.from({ length: G.data.claimBytes }, (_, i) => ((h[0] >> BigInt(8 * i)) & 255n).toString(16).padStart(2, "0")).join("");
}

const sentenceId = (s) => "sentence:" + localId(G.sentencePaper[s]) + "_" + (G.sentenceTitle[s] ? "t" : "") + G.sentenceStart[s] + "_" + G.sentenceEnd[s];

function factId(fact) {
  if (fact.type === 0) return fact.id || "claim:" + digest([sentenceId(fact.sentence), idOf(fact.subject), G.relations[fact.relation], idOf(fact.object), fact.polarity].join("\x1f"));
  return ["", "result:", "quantity:", "use:"][fact.type] + fact.id;
}

function statementLines(fact) {
  const lines = fact.type === 0
    ? [["rdf:subject", ref(idOf(fact.subject))], ["rdf:predicate", "kg:" + G.relations[fact.relation]], ["rdf:object", ref(idOf(fact.object))]]
    : Object.entries(fact.slot).map(([slot, node]) => ["kg:" + slot, ref(idOf(node))]);
  const names = { property: "kg:property", value: "kg:value", unit: "kg:unit", value_text: "kg:valueText", direction: "kg:direction", count: "kg:count", memory_gb: "kg:memoryGB", hours: "kg:hours", role: "kg:role" };
  const numbers = new Set(["value", "count", "memory_gb", "hours"]);
  for (const [name, value] of Object.entries(fact.literal || {})) lines.push([names[name], numbers.has(name) ? decimal(value) : literal(value)]);
  if (fact.paper >= 0) lines.push(["kg:statedIn", ref(idOf(fact.paper))]);
  lines.push(["prov:wasDerivedFrom", ref(fact.sentence >= 0 ? sentenceId(fact.sentence) : fact.row)]);
  if (G.data.run.id) lines.push(["prov:wasGeneratedBy", ref(G.data.run.id)]);
  lines.push(["kg:confidence", share(fact.confidence)], ["kg:polarity", literal(fact.polarity)]);
  return subjectBlock(factId(fact), "kg:" + G.data.factTypes[fact.type], lines);
}

function subjectBlock(id, type, lines) {
  const rest = lines.map(([property, value]) => " ;\n    " + property + " " + value).join("");
  return ref(id) + " a " + type + rest + " .\n";
}

const each = (property, values, make) => [...new Set(values)].map((value) => [property, make(value)]).filter(([, value]) => value !== null);

function entityLines(node, drawn) {
  const lines = [["rdfs:label", literal(G.label[node])], ...each("skos:altLabel", detail("alt_labels", node), literal)];
  if (G.better.has(node)) lines.push(["kg:higherIsBetter", String(G.better.get(node))]);
  lines.push(...each("skos:exactMatch", detail("exact_match", node), webIri), ...each("rdfs:seeAlso", detail("see_also", node), webIri));
  const direct = new Set();
  for (const e of edgesOf(node)) {
    if (G.from[e] !== node || !drawn.has(G.to[e])) continue;
    const relation = G.relations[G.relation[e]];
    const claims = (G.edgeFacts.get(e) || []).map((at) => G.facts[at]).filter((fact) => fact.type === 0);
    const to = ref(idOf(G.to[e]));
    if (claims.some((fact) => fact.polarity === "asserted")) direct.add("kg:" + relation + " " + to);
    if (!G.known.has(e)) continue;
    direct.add("skos:broader " + to);
    if (relation === "variantOf") direct.add("kg:nameVariantOf " + to);
  }
  lines.push(...Array.from(direct).sort().map((line) => line.split(" ")));
  return subjectBlock(idOf(node), "kg:" + typeOf(node), lines);
}

function paperLines(node, drawn) {
  const lines = [...(G.titled.has(node) ? [["dcterms:title", literal(G.label[node])]] : []), ["rdfs:label", literal(G.label[node])]];
  lines.push(...each("dcterms:identifier", detail("identifiers", node), literal), ...each("dcterms:issued", detail("issued", node), dated));
  lines.push(...each("dcterms:creator", detail("creators", node), literal), ...each("schema:sameAs", pagesOf(node), webIri));
  lines.push(...each("schema:codeRepository", detail("code", node), webIri), ...each("dcterms:source", detail("sources", node), literal));
  lines.push(["dcterms:abstract", literal(abstractOf(node))]);
  for (const e of edgesOf(node)) {
    if (G.from[e] !== node || G.relation[e] > 1 || !drawn.has(G.to[e])) continue;
    if (G.relation[e] === 0) lines.push(["kg:introduces", ref(idOf(G.to[e]))]);
    lines.push(["kg:mentions", ref(idOf(G.to[e]))]);
  }
  return subjectBlock(idOf(node), "kg:Paper", lines);
}

function sentenceLines(s, drawn) {
  const lines = [["dcterms:isPartOf", ref(idOf(G.sentencePaper[s]))]];
  if (G.sentenceTitle[s]) lines.push(["kg:field", literal("title")]);
  lines.push(["oa:start", String(G.sentenceStart[s])], ["oa:end", String(G.sentenceEnd[s])], ["oa:exact", literal(sentenceText(s))]);
  lines.push(...each("kg:mentions", mentionsIn(s).map((m) => G.mentionNode[m]).filter((n) => drawn.has(n)), (n) => ref(idOf(n))));
  return subjectBlock(sentenceId(s), "kg:Sentence", lines);
}

// Drawn papers and concepts, the facts among them, and every sentence those facts or papers need; a paper that is cited but not drawn is only named.
function turtle(nodes, facts) {
  const drawn = new Set(nodes);
  const out = [Object.entries(TERMS).map(([prefix, base]) => "@prefix " + prefix + ": <" + base + "> .\n").join("")];
  const { run } = G.data;
  if (run.id) {
    const words = { label: "rdfs:label", version: "schema:softwareVersion", model: "kg:extractor", input_hash: "kg:inputHash" };
    out.push(subjectBlock(run.id, "prov:Activity", Object.keys(words).filter((name) => name in run).map((name) => [words[name], literal(run[name])])));
  }
  const sentences = new Set(facts.map((fact) => fact.sentence).filter((s) => s >= 0));
  for (const node of nodes) {
    out.push(isPaper(node) ? paperLines(node, drawn) : entityLines(node, drawn));
    if (isPaper(node)) sentencesOf(node).forEach((s) => sentences.add(s));
  }
  for (const s of Array.from(sentences).sort((a, b) => a - b)) out.push(sentenceLines(s, drawn));
  for (const fact of facts) out.push(statementLines(fact));
  const rows = new Map(facts.filter((fact) => fact.row).map((fact) => [fact.row, fact.source]));
  for (const [row, source] of rows) {
    const cut = source.lastIndexOf(":");
    out.push(subjectBlock(row, "kg:TableRow", [["dcterms:source", literal(source.slice(0, cut))], ["kg:line", decimal(source.slice(cut + 1))]]));
  }
  return out.join("\n");
}
