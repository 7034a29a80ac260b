import { byId, type Chart } from "./chart.ts";
import { count, duration, instant } from "./wording.ts";

const mostResources = 200;

/** The buttons above the chart, and what they act upon. */
export function listenToToolbar(chart: Chart, showFinding: (direction: 1 | -1) => void): void {
  const { view } = chart;
  const on = (id: string, act: () => void): void => byId(id).addEventListener("click", act);
  on("closer", () => view.zoom(0.5));
  on("farther", () => view.zoom(2));
  on("earlier", () => view.pan(-0.5));
  on("later", () => view.pan(0.5));
  on("whole", () => view.glide({ from: 0, until: view.durationMs }));
  on("finding-before", () => showFinding(-1));
  on("finding-after", () => showFinding(1));
  chooseResource(chart);
  chooseClients(chart);
}

/** Says what is seen: `1.2 s to 1.9 s, 0.7 s of 20 s`. */
export function sayRange({ view }: Chart): void {
  const step = view.length / 100;
  const seen = `${instant(view.from, step)} to ${instant(view.until, step)}`;
  const share = view.isWhole
    ? "the whole run"
    : `${duration(view.length)} of ${duration(view.durationMs)}`;
  byId("range").textContent = `${seen} · ${share}`;
}

function chooseResource(chart: Chart): void {
  const select = byId("resource") as HTMLSelectElement;
  const { resources } = chart.scene;
  for (const [place, name] of resources.slice(0, mostResources).entries()) {
    select.append(new Option(name, String(place)));
  }
  const rest = resources.length - mostResources;
  if (rest > 0) {
    const more = new Option(`${count(rest, "more resource")} cannot be chosen`, "");
    more.disabled = true;
    select.append(more);
  }
  select.addEventListener("change", () => {
    chart.filter.resource = select.value === "" ? undefined : Number(select.value);
    chart.applyFilter();
  });
}

function chooseClients(chart: Chart): void {
  const list = byId("clients");
  const boxes = chart.scene.clients.map(({ name }, client) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.addEventListener("change", () => {
      chart.filter.setClient(client, box.checked);
      chart.applyFilter();
    });
    label.append(box, ` ${name}`);
    list.append(label);
    return box;
  });
  byId("all-clients").addEventListener("click", () => {
    const isShown = !boxes.every(({ checked }) => checked);
    for (const box of boxes) box.checked = isShown;
    chart.filter.setAllClients(isShown);
    chart.applyFilter();
  });
}
