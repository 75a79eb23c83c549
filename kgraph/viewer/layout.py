"""Viewer: where the nodes of the first view stand, computed once so that the browser does not have to.

Two levels, so that communities can be seen: nodes are grouped by Louvain's method (Blondel et al. 2008, networkx), each group is drawn by
the force-directed method of Fruchterman and Reingold (1991) inside its own disc, and the discs are packed, largest first, near the discs they are
linked to. Nothing is random but Louvain's seeded order, and only additions, products, quotients and square roots of IEEE doubles in a
fixed order are used (no BLAS, no trigonometry), so that every platform computes the same positions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SPACING = 72.0
"""Mean distance of two neighbouring nodes, in the page's pixels at scale 1."""
ASPECT = 1.5
"""Width of the whole by its height: screens are wide."""
SEED = 7
# cosine and sine of the golden angle as literals: the spiral needs no library function whose last bit differs between platforms
_GOLDEN = (-0.7373688780783197, 0.6754902942615238)


def communities(size: int, edges: Mapping[tuple[int, int], float]) -> list[list[int]]:
    """Groups of the nodes `0 .. size-1`, largest first, each sorted; `edges` maps (smaller, larger) to a weight above 0."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_weighted_edges_from((a, b, w) for (a, b), w in sorted(edges.items()))
    groups = nx.community.louvain_communities(graph, weight="weight", seed=SEED) if size else []
    return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group[0]))


def place(groups: Sequence[Sequence[int]], edges: Mapping[tuple[int, int], float]) -> tuple[dict[int, tuple[int, int]], list[tuple[int, int, int]]]:
    """Position of every node and (x, y, radius) of every group, in whole pixels around the origin."""
    home = {node: index for index, group in enumerate(groups) for node in group}
    inner: list[dict[tuple[int, int], float]] = [{} for _ in groups]
    links: dict[tuple[int, int], float] = {}
    for (a, b), weight in sorted(edges.items()):
        if home[a] == home[b]:
            inner[home[a]][a, b] = weight
        else:
            key = (min(home[a], home[b]), max(home[a], home[b]))
            links[key] = links.get(key, 0.0) + weight
    discs = [_disc(group, inner[index]) for index, group in enumerate(groups)]
    centres = _pack([radius for _, radius in discs], links)
    positions = {
        node: (round(centres[index][0] + x), round(centres[index][1] + y))
        for index, (local, _) in enumerate(discs)
        for node, (x, y) in zip(groups[index], local, strict=True)
    }
    return positions, [(round(x), round(y), round(radius)) for (x, y), (_, radius) in zip(centres, discs, strict=True)]


def _spiral(count: int) -> list[tuple[float, float]]:
    """`count` points of Vogel's sunflower spiral (1979), one unit of area each."""
    points, direction = [], (1.0, 0.0)
    for index in range(count):
        reach = (index / 3.141592653589793) ** 0.5
        points.append((reach * direction[0], reach * direction[1]))
        direction = (direction[0] * _GOLDEN[0] - direction[1] * _GOLDEN[1], direction[0] * _GOLDEN[1] + direction[1] * _GOLDEN[0])
    return points


def _disc(group: Sequence[int], edges: Mapping[tuple[int, int], float]) -> tuple[list[tuple[float, float]], float]:
    """Positions of one group around its own centre, and the radius that holds them."""
    import numpy as np

    count = len(group)
    radius = SPACING * (0.62 * count**0.5 + (0.4 if count > 1 else 0.0))
    if count == 1:
        return [(0.0, 0.0)], radius
    place_of = {node: index for index, node in enumerate(group)}
    degree = dict.fromkeys(group, 0.0)
    for (a, b), weight in edges.items():
        degree[a] += weight
        degree[b] += weight
    start = np.zeros((count, 2))
    for node, point in zip(sorted(group, key=lambda n: (-degree[n], n)), _spiral(count), strict=True):
        start[place_of[node]] = point
    ends = np.array([(place_of[a], place_of[b]) for a, b in edges], dtype=np.int64).reshape(-1, 2)
    weights = np.array([1.0 + min(w, 4.0) * 0.25 for w in edges.values()])
    x, y = _forces(start[:, 0].copy(), start[:, 1].copy(), ends, weights)
    # pull the outliers in: the square root of the distance spreads a crowded middle and keeps the rim round
    x, y = x - (x.max() + x.min()) / 2, y - (y.max() + y.min()) / 2
    reach = np.sqrt(x * x + y * y)
    furthest = float(reach.max()) or 1.0
    scale = (radius - SPACING * 0.4) / np.sqrt(np.maximum(reach, furthest * 1e-3) * furthest)
    x, y = _apart(x * scale, y * scale, SPACING * 0.72)
    return list(zip(x.tolist(), y.tolist(), strict=True)), max(radius, float(np.sqrt(x * x + y * y).max()) + SPACING * 0.4)


def _forces(x: Floats, y: Floats, ends: NDArray[np.int64], weights: Floats, rounds: int = 120) -> tuple[Floats, Floats]:
    """Fruchterman-Reingold with all pairs repelling (groups are small) and a falling step; unit ideal distance."""
    import numpy as np

    count = len(x)
    a, b = ends[:, 0], ends[:, 1]
    for step in range(rounds):
        dx, dy = x[None, :] - x[:, None], y[None, :] - y[:, None]
        push = 1.0 / (dx * dx + dy * dy + 0.01)
        # sums over the first axis add row by row, in the same order everywhere
        fx, fy = np.add.reduce(push * dx, axis=0) - 0.06 * x, np.add.reduce(push * dy, axis=0) - 0.06 * y
        ex, ey = x[b] - x[a], y[b] - y[a]
        pull = weights * np.sqrt(ex * ex + ey * ey) * 0.35
        fx += np.bincount(a, pull * ex, count) - np.bincount(b, pull * ex, count)
        fy += np.bincount(a, pull * ey, count) - np.bincount(b, pull * ey, count)
        size = np.sqrt(fx * fx + fy * fy)
        limit = 0.6 * (1.0 - step / rounds) + 0.01
        shrink = np.minimum(size, limit) / np.maximum(size, 1e-9)
        x, y = x + fx * shrink, y + fy * shrink
    return x, y


def _apart(x: Floats, y: Floats, least: float, rounds: int = 40) -> tuple[Floats, Floats]:
    """Push every pair that is nearer than `least` apart, half the lack in each round."""
    import numpy as np

    for _ in range(rounds):
        dx, dy = x[None, :] - x[:, None], y[None, :] - y[:, None]
        gap = np.sqrt(dx * dx + dy * dy)
        lack = np.where(gap < least, (least - gap) / (2.0 * np.maximum(gap, 1e-6)), 0.0)
        np.fill_diagonal(lack, 0.0)
        if not lack.any():
            break
        x, y = x + 0.5 * np.add.reduce(lack * dx, axis=0), y + 0.5 * np.add.reduce(lack * dy, axis=0)
    return x, y


def _pack(radii: Sequence[float], links: Mapping[tuple[int, int], float]) -> list[tuple[float, float]]:
    """Centres of discs that do not overlap, each at the free place nearest to the discs it is linked to and to the middle."""
    import numpy as np

    if not radii:
        return []
    area = sum((2.0 * r) ** 2 for r in radii)
    cell = max(min(radii) * 0.9, (area / 6000.0) ** 0.5)
    spots = np.array(_spiral(int(4.0 * area / (cell * cell)) + 2 * len(radii) + 16)) * cell
    spots[:, 0] *= ASPECT**0.5
    spots[:, 1] /= ASPECT**0.5
    middle = np.sqrt((spots[:, 0] / ASPECT) ** 2 + spots[:, 1] ** 2)
    pull: list[dict[int, float]] = [{} for _ in radii]
    for (a, b), weight in links.items():
        pull[b][a] = pull[a][b] = weight
    centres: list[tuple[float, float]] = []
    for index, radius in enumerate(radii):
        cost, free = middle.copy(), np.ones(len(spots), dtype=bool)
        total = sum(weight for other, weight in pull[index].items() if other < index) or 1.0
        for other, (ox, oy) in enumerate(centres):
            gap = np.sqrt((spots[:, 0] - ox) ** 2 + (spots[:, 1] - oy) ** 2)
            free &= gap >= radius + radii[other]
            if other in pull[index]:
                cost = cost + gap * (pull[index][other] / total)
        cost[~free] = np.inf
        best = int(np.argmin(cost))
        centres.append((float(spots[best, 0]), float(spots[best, 1])))
    return centres


def names(groups: Sequence[Sequence[int]], edges: Mapping[tuple[int, int], float], described: Sequence[Mapping[str, Any]]) -> list[str]:
    """A name for each group of five or more: the concept with most links inside, tasks and methods before things; no name twice."""
    home = {node: index for index, group in enumerate(groups) for node in group}
    inside: dict[int, float] = {}
    for (a, b), weight in edges.items():
        if home[a] == home[b]:
            inside[a] = inside.get(a, 0.0) + weight
            inside[b] = inside.get(b, 0.0) + weight
    found: list[str] = []
    for group in groups:
        best, score = "", 0.0
        for node in group if len(group) >= 5 else ():
            what = described[node]
            weight = inside.get(node, 0.0) * (1.5 if what["type"] in ("Task", "Method") else 1.0)
            if what["type"] != "Paper" and weight > score and what["label"] not in found:
                best, score = what["label"], weight
        found.append(best)
    return found
