// Filters by type, relation, year, confidence and polarity, each choice with the count of what it holds.
function toggle(key, name) {
  const off = listOf(key);
  go({ [key]: asList(off.includes(name) ? off.filter((o) => o !== name) : [...off, name]) });
}

function counted() {
  if (G.counted) return G.counted;
  const add = (map, key) => map.set(key, (map.get(key) || 0) + 1);
  const c = { types: new Map(), relations: new Map(), polarity: new Map(), years: new Map(), undated: 0 };
  for (let n = 0; n < G.size; n++) add(c.types, typeOf(n));
  for (let e = 0; e < G.from.length; e++) add(c.relations, G.relations[G.relation[e]]);
  for (const fact of G.facts) {
    add(c.polarity, fact.polarity);
    if (fact.type) add(c.relations, FACT_WORDS[fact.type]);
  }
  for (const paper of G.papers) {
    const year = yearOf(paper);
    if (year === null) c.undated++;
    else add(c.years, year);
  }
  return (G.counted = c);
}

function choice(key, name, text, count, sign) {
  const id = "filter-" + key + "-" + name.replace(/\W+/g, "-");
  return el("label", { class: "check", for: id }, el("input", { type: "checkbox", id, checked: !listOf(key).includes(name), onchange: () => toggle(key, name) }), sign || null,
    el("span", {}, text), el("span", { class: "count" }, count.toLocaleString("en")));
}

function yearField(key, title, placeholder) {
  const input = el("input", { type: "text", inputmode: "numeric", id: "filter-" + key, value: state[key], placeholder, size: "5", maxlength: "4", onchange: () => go({ [key]: input.value.replace(/\D/g, "") }) });
  return el("label", { for: "filter-" + key }, title + " ", input);
}

function showFilters() {
  const c = counted();
  const group = (title, ...content) => el("fieldset", {}, el("legend", {}, title), ...content);
  const years = Array.from(c.years.keys()).sort((a, b) => a - b);
  const sure = el("input", { type: "range", id: "filter-sure", min: "0", max: "1", step: "0.05", value: state.sure || "0", onchange: () => go({ sure: Number(sure.value) ? sure.value : "" }),
    oninput: () => { $("sure-text").textContent = percent(Number(sure.value)); } });
  const relations = [...G.relations, ...FACT_WORDS.slice(1)].filter((r) => c.relations.has(r));
  const active = document.activeElement?.id;
  $("filter-list").replaceChildren(
    group("Type", G.types.filter((t) => c.types.has(t)).map((t) => choice("types", t, t, c.types.get(t), symbol(t)))),
    group("Relation", relations.map((r) => choice("relations", r, wordsFor(r), c.relations.get(r)))),
    group("Year of the paper", el("div", { class: "years" }, yearField("from", "from", years.length ? String(years[0]) : ""), yearField("to", "to", years.length ? String(years[years.length - 1]) : "")),
      el("label", { class: "check", for: "filter-undated" }, el("input", { type: "checkbox", id: "filter-undated", checked: state.undated !== "no", onchange: () => go({ undated: state.undated === "no" ? "" : "no" }) }),
        el("span", {}, "papers without a date"), el("span", { class: "count" }, c.undated.toLocaleString("en"))),
      years.length ? bars(years, c.years) : el("p", { class: "soft" }, "No paper of this graph is dated.")),
    group("Confidence", el("label", { for: "filter-sure" }, "at least ", el("span", { id: "sure-text" }, percent(Number(state.sure) || 0))), sure),
    group("Polarity", POLARITIES.filter((p) => c.polarity.has(p)).map((p) => choice("polarity", p, p, c.polarity.get(p)))),
  );
  if (active && active.startsWith("filter-")) $(active)?.focus();
  const set = ["types", "relations", "polarity", "from", "to", "undated", "sure"].filter((key) => state[key] !== "").length;
  $("filter-count").textContent = set ? "(" + set + " set)" : "";
}

// Papers a year, as buttons that set the filter to that year.
function bars(years, counts) {
  const most = Math.max(...counts.values());
  return el("div", { class: "bars" }, years.slice(-16).map((year) => {
    const one = state.from === String(year) && state.to === String(year);
    return el("button", { type: "button", id: "filter-year-" + year, "aria-pressed": String(one), title: year + ": " + counts.get(year) + " papers", "aria-label": year + ", " + counts.get(year) + " papers",
      onclick: () => go(one ? { from: "", to: "" } : { from: String(year), to: String(year) }) }, el("span", { class: "bar-fill", style: "height:" + Math.round(4 + (28 * counts.get(year)) / most) + "px" }), String(year).slice(2));
  }));
}
