// Everything together: `data-kg` of the root says when the page is ready, `data-whole` when all of its data is read.
const VIEWS = ["graph", "table", "questions", "path"];
let filtersShown = "";
let cardShown = "";
let viewShown = "";

function show() {
  const view = VIEWS.includes(state.view) ? state.view : "graph";
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  $("theme").textContent = "Theme: " + (state.theme || "auto");
  for (const name of VIEWS) {
    $("view-" + name).setAttribute("aria-pressed", String(name === view));
    $(name).hidden = name !== view;
  }
  if (view === "path" && pathNodes().length) $("graph").hidden = false;
  document.body.dataset.view = view;
  $("undo").disabled = !history_.length;
  const filterKey = [state.types, state.relations, state.polarity, state.from, state.to, state.undated, state.sure, isDark()].join("|");
  if (filterKey !== filtersShown) showFilters();
  filtersShown = filterKey;
  const cardKey = [state.node, state.edge, state.find, state.pins].join("|");
  if (cardKey !== cardShown || !$("card").childElementCount) showCard();
  cardShown = cardKey;
  if (!$("graph").hidden && G.size) showGraph();
  const viewKey = JSON.stringify({ ...state, node: "", edge: "", find: "", pins: "", grown: "", focus: "", hops: "", theme: "" });
  if (viewKey !== viewShown) ({ table: showTable, questions: showQuestions, path: showPath })[view]?.();
  viewShown = viewKey;
}

function showGraph() {
  if (network === null) startDrawing();
  else redraw();
  const count = grouped(shown.nodes.length);
  const what = shown.focus >= 0 ? " around " + shorten(nameOf(shown.focus), 50) : "";
  $("shown").replaceChildren(name_(count + " of " + grouped(G.size) + " shown" + what));
  $("empty").hidden = shown.nodes.length > 0;
  $("empty").replaceChildren(shown.nodes.length ? "" : el("p", {}, "Nothing passes the filters. ", button("Clear the filters", () => go({ types: "", relations: "", polarity: "", from: "", to: "", undated: "", sure: "" }))));
}

// A graph of no nodes says what it is and how to get one that has some.
function showNothing() {
  $("empty").hidden = false;
  $("empty").replaceChildren(el("h2", {}, "This graph is empty"), el("p", {}, "No paper and no concept came out of the input. Give kgraph files with titles and abstracts and build again:"), el("pre", {}, "kgraph build PAPERS -o output"), el("p", {}, "What was passed over, and why, the command says as it runs."));
  $("canvas").hidden = true;
  $("shown").textContent = "0 of 0 shown";
}

function globalKey(event) {
  const typing = /^(input|textarea|select)$/i.test(event.target.tagName) && event.target.type !== "checkbox" && event.target.type !== "range";
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !typing) {
    undo();
    event.preventDefault();
  } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    $("search").focus();
    event.preventDefault();
  } else if (event.key === "Escape" && $("export").open) {
    $("export").open = false;
    $("export").querySelector("summary").focus();
  } else if (event.key === "Escape" && !typing && (state.node || state.edge)) go({ node: "", edge: "" });
}

function startButtons() {
  const on = (id, action) => $(id).addEventListener("click", action);
  on("undo", undo);
  on("reset", () => { moved.clear(); go({ ...START, theme: state.theme }); if (network) fit(); });
  on("theme", () => go({ theme: { "": "dark", dark: "light", light: "" }[state.theme] ?? "" }));
  on("zoom-in", () => network && zoom(1.3));
  on("zoom-out", () => network && zoom(1 / 1.3));
  on("fit", () => network && fit());
  on("skip", (event) => { event.preventDefault(); $("card").focus(); });
  $("physics").addEventListener("change", () => network && setPhysics($("physics").checked));
  for (const name of VIEWS) on("view-" + name, () => go({ view: name }));
  $("canvas").addEventListener("keydown", (event) => network && canvasKey(event));
  document.addEventListener("keydown", globalKey);
  window.addEventListener("hashchange", () => { fromHash(location.hash); whole(show); });
  for (const query of [darkSystem, stillness]) query.addEventListener("change", () => whole(show));
  const narrow = matchMedia("(max-width: 800px)");
  const makeRoom = () => { $("filter-box").open = !narrow.matches; };
  if (narrow.matches) makeRoom();
  narrow.addEventListener("change", makeRoom); // a notebook's frame may get its width after the page is there
}

async function start() {
  readFirst();
  fromHash(HAS_ADDRESS ? location.hash : "");
  if (!isFirstView() || state.view !== "graph") await new Promise(whole);
  startButtons();
  startSearch();
  showExports();
  if (!G.size) showNothing();
  show();
  if (G.size === 1) say("This graph has one node.");
  document.documentElement.dataset.kg = "ready";
  // a mouse is over the drawing before it presses, a finger is not
  setTimeout(readRest, matchMedia("(any-pointer: coarse)").matches ? 0 : 300);
}

start();
