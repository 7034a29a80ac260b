import type { Page } from "playwright-core";

export interface Contrast {
  readonly what: string;
  readonly ratio: number;
  readonly least: number;
}

/** Colours of what has a meaning, and on what they stand: text needs 4.5, shapes need 3. */
const pairs: readonly (readonly [color: string, ground: string, least: number])[] = [
  ...["ink", "muted", "link", "alarm-ink", "warn-ink", "good"].flatMap((color) =>
    ["paper", "card"].map((ground) => [color, ground, 4.5] as const),
  ),
  ...["alarm", "warn"].map((ground) => ["on-tone", ground, 4.5] as const),
  ...["alarm", "warn", "good", "open"].map((tone) => [inkOf(tone), `${tone}-soft`, 4.5] as const),
  ...["down", "frozen", "quarantine", "clock", "cut"].flatMap((tone) => [
    ["ink", `${tone}-soft`, 4.5] as const,
    [tone, "card", 3] as const,
  ]),
  ...["down", "frozen"].map((ground) => ["on-tone", ground, 4.5] as const),
  ...["alarm", "warn", "wait-edge", "vote", "focus"].map((color) => [color, "card", 3] as const),
  ...[0, 1, 2, 3, 4, 5].map((place) => [`resource-${place}`, "card", 3] as const),
];

function inkOf(tone: string): string {
  return tone === "alarm" || tone === "warn" ? `${tone}-ink` : tone;
}

/** As WCAG 2.2 counts it. */
export async function contrastsOf(page: Page): Promise<Contrast[]> {
  const names = [...new Set(pairs.flatMap(([color, ground]) => [color, ground]))];
  const values = await page.evaluate((wanted) => {
    const style = getComputedStyle(document.documentElement);
    return wanted.map((name) => style.getPropertyValue(`--${name}`).trim());
  }, names);
  const light = new Map(names.map((name, index) => [name, luminance(values[index])]));
  return pairs.map(([color, ground, least]) => {
    const [high, low] = [light.get(color)!, light.get(ground)!].toSorted((a, b) => b - a);
    return { what: `${color} on ${ground}`, ratio: (high! + 0.05) / (low! + 0.05), least };
  });
}

function luminance(hex: string = ""): number {
  const [r, g, b] = hex.match(/[\da-f]{2}/gi)!.map((part) => {
    const value = Number.parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
