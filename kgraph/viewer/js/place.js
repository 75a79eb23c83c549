// Where nodes stand. The first view's places were computed with the page; this file places what joins it, a focus and a path.
const home = new Map();
const moved = new Map();
const GOLDEN = 2.399963229728653;

// Python places for a wide screen; on an upright phone the same places lie the other way round, which makes them half as large again.
const isUpright = () => matchMedia("(max-width: 800px) and (orientation: portrait)").matches;
function readPlaces() {
  const upright = isUpright();
  for (const { id, x, y, size } of page.nodes) home.set(id, upright ? { x: y, y: x, size } : { x, y, size });
  if (upright) for (const group of page.groups) group.splice(1, 2, group[2], group[1]);
}

// Radius as in page.py's node_size, from the number of edges: newcomers are small.
const sizeOf = (node) => home.get(node)?.size ?? Math.min(26, 7 + Math.round(1.2 * Math.sqrt(edgesOf(node).length)));

function places(view) {
  if (view.way.length) return onALine(view);
  if (view.levels.size) return inRings(view);
  const found = new Map();
  const late = [];
  for (const n of view.nodes) {
    const place = moved.get(n) || home.get(n);
    if (place) found.set(n, place);
    else late.push(n);
  }
  // a newcomer stands near those it is linked to, at its own angle, so that several do not cover each other
  late.forEach((n, i) => {
    let x = 0;
    let y = 0;
    let count = 0;
    for (const e of edgesOf(n)) {
      const near = found.get(other(e, n));
      if (!near) continue;
      x += near.x;
      y += near.y;
      count++;
    }
    const reach = 70 + 9 * Math.sqrt(i);
    found.set(n, { x: (count ? x / count : 0) + reach * Math.cos(i * GOLDEN), y: (count ? y / count : 0) + reach * Math.sin(i * GOLDEN) });
  });
  return found;
}

// A path runs from left to right, on an upright phone to and fro in rows of two, so that its names have room.
function onALine(view) {
  const upright = isUpright();
  const spot = (i) => {
    const row = Math.floor(i / 2);
    return upright ? { x: 200 * ((i + row) % 2), y: 110 * row } : { x: 240 * i, y: i % 2 ? 60 : 0 };
  };
  const found = new Map(view.way.map((n, i) => [n, spot(i)]));
  const below = upright ? 200 + 55 * view.way.length : 260;
  view.nodes.filter((n) => !found.has(n)).forEach((n, i) => found.set(n, { x: 120 * i, y: below }));
  return found;
}

// Rings around the focus: neighbours sorted by type, those two hops away near the neighbour that leads to them.
function inRings(view) {
  const found = new Map([[view.focus, { x: 0, y: 0 }]]);
  const angle = new Map([[view.focus, 0]]);
  const rings = [1, 2].map((level) => view.nodes.filter((n) => view.levels.get(n) === level));
  rings[0].sort((a, b) => G.kind[a] - G.kind[b] || a - b);
  const parent = new Map();
  for (const n of rings[1]) {
    parent.set(n, rings[0].find((m) => Array.from(edgesOf(n)).some((e) => other(e, n) === m)) ?? view.focus);
  }
  let radius = 0;
  for (const ring of rings) {
    if (ring === rings[1]) ring.sort((a, b) => angle.get(parent.get(a)) - angle.get(parent.get(b)) || a - b);
    const rows = Math.max(1, Math.ceil(ring.length / (ring === rings[0] ? 28 : 60)));
    const inner = Math.max(radius + 150, (ring.length / rows) * 11);
    ring.forEach((n, i) => {
      const turn = (2 * Math.PI * i) / ring.length - Math.PI / 2;
      const reach = inner + (i % rows) * 85;
      angle.set(n, turn);
      found.set(n, { x: 1.25 * reach * Math.cos(turn), y: reach * Math.sin(turn) });
    });
    radius = inner + (rows - 1) * 85;
  }
  view.nodes.filter((n) => !found.has(n)).forEach((n, i) => found.set(n, { x: 120 * i - 300, y: radius + 160 }));
  return found;
}
