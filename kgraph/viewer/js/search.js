// Search as you type over names, other names, titles and sentences: a combobox with a list box (ARIA practices).
const index = { names: null, sentences: null };
const LIMITS = [14, 8];
const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");

function names() {
  if (!index.names) {
    index.names = [];
    for (let n = 0; n < G.size; n++) {
      index.names.push([fold(G.label[n]), n]);
      for (const alias of [...detail("alt_labels", n), ...detail("identifiers", n)]) index.names.push([fold(alias), n]);
    }
  }
  return index.names;
}

// Abstracts are unpacked when search is first used, a slice at a time, so that no key waits for all of them.
function prepare(from = 0) {
  names();
  if (index.sentences) return;
  const until = Math.min(G.papers.length, from + 200);
  index.lower = index.lower || [];
  for (let i = Math.max(from, index.lower.length); i < until; i++) index.lower.push(fold(abstractOf(G.papers[i])));
  if (until < G.papers.length) setTimeout(prepare, 0, until);
  else index.sentences = index.lower;
}

// `allowed` says which nodes may be found, `sentences` whether sentences are searched too.
function find(query, { allowed = null, sentences = false } = {}) {
  const wanted = fold(query.trim());
  if (!wanted) return [];
  const best = new Map();
  for (const [name, node] of names()) {
    const at = name.indexOf(wanted);
    if (at < 0 || (allowed && !allowed(node))) continue;
    const rank = name === wanted ? 0 : at === 0 ? 1 : /[\s\-:(/]/.test(name[at - 1]) ? 2 : 3;
    const score = rank * G.size + node;
    if (!best.has(node) || best.get(node) > score) best.set(node, score);
  }
  const found = Array.from(best).sort((a, b) => a[1] - b[1]).slice(0, LIMITS[0]).map(([node]) => ({ node, sentence: -1 }));
  if (!sentences || wanted.length < 3) return found;
  const lower = index.sentences || index.lower || [];
  let count = 0;
  for (let i = 0; i < lower.length && count < LIMITS[1]; i++) {
    if (!lower[i].includes(wanted)) continue;
    const paper = G.papers[i];
    // sentences that name nothing are not kept: such a hit leads to the paper and shows the words around it
    const sentence = sentencesOf(paper).find((s) => !G.sentenceTitle[s] && fold(sentenceText(s)).includes(wanted)) ?? -1;
    found.push({ node: paper, sentence, text: sentence < 0 ? abstractOf(paper) : sentenceText(sentence) });
    count++;
  }
  return found;
}

// The part of a sentence around the words that were looked for.
function around(text, query) {
  const at = Math.max(0, fold(text).indexOf(fold(query)));
  return (at > 50 ? "…" : "") + shorten(text.slice(at > 50 ? at - 40 : 0), 110);
}

function optionText({ node, text }, query) {
  if (text !== undefined) return [el("span", { class: "quote" }, "“", name_(around(text, query)), "”"), el("span", { class: "soft" }, " ", name_(shorten(nameOf(node), 60)))];
  const wanted = fold(query);
  const alias = fold(G.label[node]).includes(wanted) ? "" : [...detail("alt_labels", node), ...detail("identifiers", node)].find((a) => fold(a).includes(wanted));
  return [name_(shorten(nameOf(node), 120)), alias ? el("span", { class: "soft" }, " (", name_(shorten(alias, 60)), ")") : ""];
}

// Make `input` a combobox with the list box `list`; `take` gets what was chosen.
function combobox(input, list, take, how = {}) {
  let options = [];
  let chosen = -1;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    chosen = -1;
  };
  const choose = (i) => {
    const option = options[i];
    if (!option) return;
    close();
    take(option);
  };
  const mark = (i) => {
    chosen = options.length ? (i + options.length) % options.length : -1;
    list.querySelectorAll("[role=option]").forEach((item, at) => {
      item.setAttribute("aria-selected", String(at === chosen));
      if (at === chosen) item.scrollIntoView({ block: "nearest" });
    });
    if (chosen >= 0) input.setAttribute("aria-activedescendant", list.id + "-" + chosen);
  };
  const open = () => whole(() => {
    const query = input.value.trim();
    options = find(query, how);
    chosen = -1;
    const items = options.map((option, i) => el("li", { role: "option", id: list.id + "-" + i, "aria-selected": "false", onmousedown: (event) => event.preventDefault(), onclick: () => choose(i) },
      symbol(typeOf(option.node)), el("span", { class: "what" }, optionText(option, query)), el("span", { class: "soft kind" }, option.text === undefined ? typeOf(option.node) : "sentence")));
    const nothing = query && !items.length;
    list.replaceChildren(...(nothing ? [el("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, "Nothing found")] : items));
    list.hidden = !items.length && !nothing;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    if (query) say(nothing ? "Nothing found." : items.length + " results.");
  });
  const keys = {
    ArrowDown: () => mark(chosen + 1), ArrowUp: () => mark(chosen < 0 ? -1 : chosen - 1), Enter: () => whole(() => choose(Math.max(chosen, 0))),
    Escape: () => { if (list.hidden) input.value = ""; close(); },
  };
  input.addEventListener("focus", () => whole(prepare), { once: true });
  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    keys[event.key]();
    event.preventDefault();
    event.stopPropagation();
  });
}

function startSearch() {
  combobox($("search"), $("found"), ({ node, sentence }) => {
    $("search").value = "";
    go({ node: idOf(node), edge: "", find: sentence < 0 ? "" : String(sentence - sentencesOf(node)[0]) });
    if (network && state.view === "graph") centre(node);
  }, { sentences: true });
}

// A labelled combobox for one node, as the path and the questions need it.
function nodeField(id, title, current, take, allowed) {
  const input = el("input", { id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id + "-list", value: current >= 0 ? nameOf(current) : "" });
  const list = el("ul", { id: id + "-list", role: "listbox", "aria-label": title, hidden: true });
  combobox(input, list, ({ node }) => take(node), { allowed });
  return el("div", { class: "field" }, el("label", { for: id }, title), el("div", { class: "search" }, input, list));
}
