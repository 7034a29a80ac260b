import { ClientLane } from "./client-lane.ts";
import type { Filter } from "./filter.ts";
import { NodeBand } from "./node-band.ts";
import { OverlapRow } from "./overlap-row.ts";
import type { RowContent } from "./row.ts";
import type { Client, Node, Overlap, Scene, Stretch, Thing } from "./scene.ts";
import { axisHeight, drawAxis, drawFaults, drawGrid, faultHeight } from "./time-axis.ts";
import type { View } from "./view.ts";
import { count } from "./wording.ts";

const reach = 7;
const groupHeight = 26;

/** What the chart shows, from its head to its foot. */
export function contentsOf(scene: Scene, view: View, filter: Filter): RowContent[] {
  const contents: RowContent[] = [axis()];
  if (scene.faults.items.length > 0) contents.push(faults(scene, view));
  if (scene.overlaps.items.length > 0) contents.push(overlaps(scene, view, filter));
  contents.push(group("Clients", ""));
  for (const client of scene.clients) contents.push(lane(scene, client, view, filter));
  contents.push(group("Nodes", ""));
  for (const node of scene.nodes) contents.push(band(node, view, filter));
  return contents;
}

const nothing = { things: () => [], pick: () => undefined };

function axis(): RowContent {
  const draw = drawAxis;
  return { name: "", note: "", kind: "axis", height: axisHeight, draw, ...nothing };
}

function group(name: string, note: string): RowContent {
  const draw: RowContent["draw"] = (brush) => {
    brush.begin(groupHeight);
    drawGrid(brush, groupHeight);
  };
  return { name, note, kind: "group", height: groupHeight, draw, ...nothing };
}

function faults(scene: Scene, view: View): RowContent {
  return {
    name: "Faults",
    note: count(scene.faults.items.length, "event"),
    kind: "faults",
    height: faultHeight,
    things: (from, until) => scene.faults.within(from, until),
    pick: (x) => nearest(scene.faults.within(view.at(x - reach), view.at(x + reach)), x, view),
    draw: (brush) => {
      drawFaults(brush, scene);
      drawGrid(brush, faultHeight);
    },
  };
}

function overlaps(scene: Scene, view: View, filter: Filter): RowContent {
  const row = new OverlapRow(scene);
  const within = (from: number, until: number): Overlap[] =>
    scene.overlaps.within(from, until).filter(filter.isOverlapShown);
  return {
    name: "Overlaps",
    note: row.hasLocks ? "two at once" : "of work only",
    kind: row.hasLocks ? "overlaps" : "work overlaps",
    height: row.height,
    things: within,
    pick: (x, y) => {
      const near = within(view.at(x - reach), view.at(x + reach));
      return nearest(
        near.filter((each) => row.isOnLine(each, y)),
        x,
        view,
      );
    },
    draw: (brush) => {
      row.draw(brush, filter.isOverlapShown);
      drawGrid(brush, row.height);
    },
  };
}

function lane(scene: Scene, client: Client, view: View, filter: Filter): RowContent {
  const drawn = new ClientLane(scene, client);
  const granted = client.operations.items.filter(({ grant }) => grant !== undefined).length;
  const shown = (from: number, until: number): Thing[] =>
    client.operations.within(from, until).filter(filter.isShown);
  return {
    name: client.name,
    note: count(granted, "lock"),
    kind: "client",
    height: drawn.height,
    things: (from, until) => inOrder(shown(from, until), client.states.within(from, until)),
    pick: (x, y) => {
      const [from, until] = [view.at(x - reach), view.at(x + reach)];
      const operations = shown(from, until).filter(
        (each) => each.kind !== "operation" || drawn.isOnTrack(each, y),
      );
      return nearest(operations, x, view) ?? nearest(client.states.within(from, until), x, view);
    },
    draw: (brush) => {
      drawn.draw(brush, filter.isShown);
      drawGrid(brush, drawn.height);
    },
  };
}

function band(node: Node, view: View, filter: Filter): RowContent {
  const drawn = new NodeBand(node);
  const marks = (from: number, until: number): Thing[] =>
    node.marks.within(from, until).filter(({ operation }) => filter.isShown(operation));
  const states = (from: number, until: number): Thing[] =>
    inOrder(drawn.notable(from, until), node.links.within(from, until));
  return {
    name: node.name,
    note: node.url.replace(/^\w+:\/\//, ""),
    kind: "node",
    height: drawn.height,
    things: (from, until) => inOrder(states(from, until), marks(from, until)),
    pick: (x, y) => {
      const [from, until] = [view.at(x - reach), view.at(x + reach)];
      const mark = y >= drawn.markTop ? nearest(marks(from, until), x, view) : undefined;
      return mark ?? nearest(drawn.statesAt(from, until, y), x, view);
    },
    draw: (brush) => {
      drawn.draw(brush, filter.isShown);
      drawGrid(brush, drawn.height);
    },
  };
}

function inOrder(a: readonly Thing[], b: readonly Thing[]): Thing[] {
  return [...a, ...b].toSorted((first, second) => first.from - second.from);
}

/** The one under the pointer, the shortest first, else the one that is nearest to it. */
function nearest<Each extends Stretch>(
  things: readonly Each[],
  x: number,
  view: View,
): Each | undefined {
  const distance = ({ from, until }: Each): number =>
    Math.max(view.x(from) - x, x - view.x(until), 0);
  const length = ({ from, until }: Each): number => until - from;
  return things.toSorted((a, b) => distance(a) - distance(b) || length(a) - length(b))[0];
}
