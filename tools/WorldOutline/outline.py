#!/usr/bin/env python3
"""Makes the outline of the report's world map: the land of Natural Earth (1:110m, public domain, naturalearthdata.com), in the Equal Earth projection,
simplified, as one SVG path of whole numbers. Input: land-110m.json of the npm package world-atlas 2.0.2, which is Natural Earth's file as TopoJSON.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    ./outline.py package/land-110m.json > ../../src/SwarmOps.Cmdlets/Insight/Report/Files/world.svgpath
"""
import json
import math
import sys

# Equal Earth (Savric, Patterson, Jenny 2018); the same numbers are in WorldMap.cs.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
WIDTH = 2000
SCALE = WIDTH / (2 * 2.7066299836)
TOP = SCALE * 1.3173627591574133
SOUTHERNMOST = -57.0
TOLERANCE = 1.4  # in units of the path, of which the map is 2000 wide
SMALLEST = 14.0  # area of an island, in the same units


def project(longitude, latitude):
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    t2 = t * t
    t6 = t2**3
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t) / (3 * (9 * A4 * t6 * t2 + 7 * A3 * t6 + 3 * A2 * t2 + A1))
    y = t * (A4 * t6 * t2 + A3 * t6 + A2 * t2 + A1)
    return WIDTH / 2 + SCALE * x, TOP - SCALE * y


def arcs(topology):
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        yield points


def rings(topology):
    lines = list(arcs(topology))
    shapes = topology["objects"]["land"]
    for shape in shapes.get("geometries", [shapes]):
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            for ring in polygon:
                points = []
                for index in ring:
                    line = lines[index] if index >= 0 else lines[~index][::-1]
                    points.extend(line if not points else line[1:])
                yield points


def pieces(ring):
    """Parts a ring where it jumps from one edge of the map to the other; each part is closed along the edge."""
    parts = [[ring[0]]]
    for before, point in zip(ring, ring[1:]):
        if abs(point[0] - before[0]) > 180:
            parts.append([])
        parts[-1].append(point)
    if len(parts) > 1:
        parts[0] = parts.pop() + parts[0]
    return [part for part in parts if len(part) > 2]


def simplify(points):
    if len(points) < 3:
        return points
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = math.hypot(x2 - x1, y2 - y1)
    far, at = 0.0, 0
    for i in range(1, len(points) - 1):
        x, y = points[i]
        distance = abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length if length else math.hypot(x - x1, y - y1)
        if distance > far:
            far, at = distance, i
    if far <= TOLERANCE:
        return [points[0], points[-1]]
    return simplify(points[: at + 1])[:-1] + simplify(points[at:])


def area(points):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1]))) / 2


def main():
    topology = json.load(open(sys.argv[1], encoding="utf-8"))
    path = []
    for ring in (piece for whole in rings(topology) for piece in pieces(whole)):
        if max(latitude for _, latitude in ring) < SOUTHERNMOST:
            continue
        points = [project(*point) for point in ring]
        if area(points) < SMALLEST:
            continue
        half = len(points) // 2
        whole = [(round(x), round(y)) for x, y in simplify(points[: half + 1])[:-1] + simplify(points[half:])]
        steps = []
        for (x1, y1), (x2, y2) in zip(whole, whole[1:]):
            if (x1, y1) != (x2, y2):
                steps.append(f"{x2 - x1}{'' if y2 - y1 < 0 else ' '}{y2 - y1}")
        joined = "".join(step if step.startswith("-") or not i else " " + step for i, step in enumerate(steps[:-1]))
        path.append(f"M{whole[0][0]} {whole[0][1]}l{joined}z")
    print("".join(path))


if __name__ == "__main__":
    main()
