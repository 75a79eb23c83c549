// Filters by type, relation, year, confidence and polarity, each choice with the count of what it holds.
function toggle(key, name) {
  const off = listOf(key);
  go({ [key]: asList(off.includes(name) ? off.filter((o) => o !== name) : [...off, name]) });
}

function choice(key, name, text, count, sign) {
  const id = "filter-" + key + "-" + name.replace(/\W+/g, "-");
  return el("label", { class: "check", for: id }, el("input", { type: "checkbox", id, checked: !listOf(key).includes(name), onchange: () => toggle(key, name) }), sign || null,
    el("span", {}, text), el("span", { class: "count" }, grouped(count)));
}

function yearField(key, title, placeholder) {
  const input = el("input", { type: "text", inputmode: "numeric", id: "filter-" + key, value: state[key], placeholder, size: "5", maxlength: "4", onchange: () => go({ [key]: input.value.replace(/\D/g, "") }) });
  return el("label", { for: "filter-" + key }, title + " ", input);
}

function showFilters() {
  const c = page.counts;
  const group = (title, ...content) => el("fieldset", {}, el("legend", {}, title), ...content);
  const years = Object.keys(c.years).map(Number).sort((a, b) => a - b);
  const sure = el("input", { type: "range", id: "filter-sure", min: "0", max: "1", step: "0.05", value: state.sure || "0", onchange: () => go({ sure: Number(sure.value) ? sure.value : "" }),
    oninput: () => { $("sure-text").textContent = percent(Number(sure.value)); } });
  const relations = [...G.relations, ...FACT_WORDS.slice(1)].filter((r) => c.relations[r]);
  const polarities = POLARITIES.filter((p) => c.polarity[p]);
  const active = document.activeElement?.id;
  $("filter-list").replaceChildren(
    group("Type", G.types.filter((t) => c.types[t]).map((t) => choice("types", t, t, c.types[t], symbol(t)))),
    relations.length ? group("Relation", relations.map((r) => choice("relations", r, wordsFor(r), c.relations[r]))) : "",
    group("Year of the paper", el("div", { class: "years" }, yearField("from", "from", years.length ? String(years[0]) : ""), yearField("to", "to", years.length ? String(years[years.length - 1]) : "")),
      el("label", { class: "check", for: "filter-undated" }, el("input", { type: "checkbox", id: "filter-undated", checked: state.undated !== "no", onchange: () => go({ undated: state.undated === "no" ? "" : "no" }) }),
        el("span", {}, "papers without a date"), el("span", { class: "count" }, grouped(c.undated))),
      years.length ? bars(years, c.years) : el("p", { class: "soft" }, "No paper of this graph is dated.")),
    group("Confidence", el("label", { for: "filter-sure" }, "at least ", el("span", { id: "sure-text" }, percent(Number(state.sure) || 0))), sure),
    polarities.length ? group("Polarity", polarities.map((p) => choice("polarity", p, p, c.polarity[p]))) : "",
  );
  if (active && active.startsWith("filter-")) $(active)?.focus();
  const set = ["types", "relations", "polarity", "from", "to", "undated", "sure"].filter((key) => state[key] !== "").length;
  $("filter-count").textContent = set ? "(" + set + " set)" : "";
}

// Papers a year, as buttons that set the filter to that year.
function bars(years, counts) {
  const most = Math.max(...Object.values(counts));
  return el("div", { class: "bars" }, years.slice(-16).map((year) => {
    const one = state.from === String(year) && state.to === String(year);
    return el("button", { type: "button", id: "filter-year-" + year, "aria-pressed": String(one), title: year + ": " + counts[year] + " papers", "aria-label": year + ", " + counts[year] + " papers",
      onclick: () => go(one ? { from: "", to: "" } : { from: String(year), to: String(year) }) }, el("span", { class: "bar-fill", style: "height:" + Math.round(4 + (28 * counts[year]) / most) + "px" }), String(year).slice(2));
  }));
}
