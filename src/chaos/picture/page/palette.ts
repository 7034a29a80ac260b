/** The page's colours, as the style says them now: light or dark. */
export class Palette {
  #values = new Map<string, string>();
  #patterns = new Map<string, CanvasPattern>();

  /** Reads them anew. */
  refresh(): void {
    this.#values = new Map();
    this.#patterns = new Map();
  }

  of(name: string): string {
    let value = this.#values.get(name);
    if (value === undefined) {
      value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
      this.#values.set(name, value);
    }
    return value;
  }

  /** One of six, and then again from the first. */
  resource(place: number): string {
    return this.of(`resource-${place % 6}`);
  }

  /** Slanting lines; `dots` for what should look different without its colour. */
  pattern(color: string, kind: "rising" | "falling" | "dots" | "cross"): CanvasPattern | string {
    const key = `${color} ${kind}`;
    const known = this.#patterns.get(key);
    if (known !== undefined) return known;
    const made = makePattern(this.of(color), kind);
    if (made === undefined) return this.of(color);
    this.#patterns.set(key, made);
    return made;
  }
}

function makePattern(color: string, kind: string): CanvasPattern | undefined {
  const scale = devicePixelRatio;
  const size = 6;
  const cell = document.createElement("canvas");
  cell.width = cell.height = Math.max(1, Math.round(size * scale));
  const context = cell.getContext("2d");
  if (context === null) return undefined;
  context.scale(cell.width / size, cell.height / size);
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = 1.4;
  if (kind === "dots") {
    for (const [x, y] of [
      [1.5, 1.5],
      [4.5, 4.5],
    ] as const) {
      context.beginPath();
      context.arc(x, y, 0.9, 0, 7);
      context.fill();
    }
  } else {
    if (kind !== "falling") slants(context, size, 1);
    if (kind !== "rising") slants(context, size, -1);
  }
  const pattern = context.createPattern(cell, "repeat") ?? undefined;
  pattern?.setTransform(new DOMMatrix().scale(size / cell.width, size / cell.height));
  return pattern;
}

function slants(context: CanvasRenderingContext2D, size: number, sign: 1 | -1): void {
  context.beginPath();
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, sign === 1 ? size + 1 : -1);
    context.lineTo(shift + size + 1, sign === 1 ? -1 : size + 1);
  }
  context.stroke();
}
