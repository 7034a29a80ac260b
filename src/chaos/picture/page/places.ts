import { byId, type Chart } from "./chart.ts";
import type { Finding, Thing } from "./scene.ts";

/** How many times longer than a finding its surroundings may be. */
const wholeFactor = 5;

/**
 * Places of the picture that the address names: `#show-2` is the second finding, `#t=1200.5-1250` a stretch
 * in milliseconds. What is seen can be sent to somebody by its address.
 */
export class Places {
  readonly #chart: Chart;
  readonly #say: (words: string) => void;
  #current = -1;
  #wait = 0;
  #isBegun = false;

  constructor(chart: Chart, say: (words: string) => void) {
    this.#chart = chart;
    this.#say = say;
    addEventListener("hashchange", () => this.#open(location.hash));
    // The same link a second time changes no address.
    document.addEventListener("click", (event) => {
      const link = (event.target as Element).closest("a[href^='#show-']");
      if (link?.getAttribute("href") === location.hash) this.#open(location.hash);
    });
    const hasNone = chart.scene.findings.length === 0;
    for (const id of ["finding-before", "finding-after"]) byId(id).hidden = hasNone;
  }

  /** Where the address says, else at the first finding, else the whole run. */
  begin(): void {
    this.#isBegun = true;
    const { findings } = this.#chart.scene;
    if (this.#open(location.hash) || findings.length === 0) return;
    this.#current = 0;
    const [first] = findings;
    const { view } = this.#chart;
    if (first !== undefined) {
      const { from, until } = view.around(this.#stretch(first));
      view.show(from, until);
    }
  }

  showNext(direction: 1 | -1): void {
    const { length } = this.#chart.scene.findings;
    this.#show((this.#current + direction + length) % length);
  }

  /** Keeps the address at what is seen, once the view has come to rest. */
  follow(): void {
    if (!this.#isBegun) return;
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => {
      const { from, until, isWhole } = this.#chart.view;
      const place = isWhole ? "" : `#t=${from.toFixed(2)}-${until.toFixed(2)}`;
      history.replaceState(null, "", place === "" ? location.pathname + location.search : place);
    }, 400);
  }

  #open(hash: string): boolean {
    const [, number] = /^#show-(\d+)$/.exec(hash) ?? [];
    if (number !== undefined) return this.#show(Number(number) - 1);
    const [, from, until] = /^#t=([\d.]+)-([\d.]+)$/.exec(hash) ?? [];
    if (from === undefined || until === undefined) return false;
    this.#chart.view.show(Number(from), Number(until));
    return true;
  }

  #show(place: number): boolean {
    const finding = this.#chart.scene.findings[place];
    if (finding === undefined) return false;
    this.#current = place;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    byId("toolbar").scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    this.#chart.goTo(this.#stretch(finding));
    this.#chart.choose(this.#thingOf(finding));
    this.#chart.element.focus({ preventScroll: true });
    this.#say(`Finding ${place + 1} of ${this.#chart.scene.findings.length}: ${finding.message}`);
    return true;
  }

  /** The finding's own time, and those of its operations unless they are so long that it would vanish. */
  #stretch({ from, until, at, operations }: Finding): { from: number; until: number } {
    const [begin, end] = [Math.min(from, at), Math.max(until, at)];
    const most = Math.max(end - begin, 0.5) * wholeFactor;
    return {
      from: Math.max(begin - most, Math.min(begin, ...operations.map((each) => each.from))),
      until: Math.min(end + most, Math.max(end, ...operations.map((each) => each.until))),
    };
  }

  /** The overlap that it is about, or the operation that should not have been. */
  #thingOf({ operations, from, until }: Finding): Thing | undefined {
    const [first, second] = operations;
    const overlap = this.#chart.scene.overlaps
      .within(from, until)
      .find(
        (each) => [first, second].includes(each.first) && [first, second].includes(each.second),
      );
    return overlap ?? first;
  }
}
