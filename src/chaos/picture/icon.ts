import { html, type Markup } from "./markup.ts";

export type IconName = "good" | "bad" | "open" | "expected" | "counted";

/** Shapes that differ without their colours: tick, cross, question mark, tick in a broken ring, dash. */
const shapes: Record<IconName, Markup> = {
  good: html`<circle cx="8" cy="8" r="7" /><path d="M4.6 8.3l2.4 2.4 4.4-5" />`,
  bad: html`<circle cx="8" cy="8" r="7" /><path d="M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4" />`,
  open: html`<circle cx="8" cy="8" r="7" />
    <path d="M6 6.4a2 2 0 1 1 2.8 1.8c-.6.3-.8.6-.8 1.2M8 11.6v.1" />`,
  counted: html`<circle cx="8" cy="8" r="7" /> <path d="M5 8h6" />`,
  expected: html`<circle cx="8" cy="8" r="6.4" stroke-dasharray="2.6 1.6" />
    <path d="M4.6 8.3l2.4 2.4 4.4-5" />`,
};

/** Decoration: beside it, the same stands in words. */
export function icon(name: IconName): Markup {
  return html`<svg class="icon ${name}" viewBox="0 0 16 16" aria-hidden="true">
    ${shapes[name]}
  </svg>`;
}
