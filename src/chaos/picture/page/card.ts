import type { Told } from "./tell.ts";

const gap = 14;

/** The card beside the pointer that says what is there. Pinned, it stays until it is let go. */
export class Card {
  isPinned = false;
  readonly #element: HTMLElement;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** At a place of the window. */
  show(told: Told, x: number, y: number): void {
    const element = this.#element;
    const title = document.createElement("strong");
    title.textContent = told.title;
    const list = document.createElement("dl");
    for (const [name, value] of told.facts) {
      const term = document.createElement("dt");
      term.textContent = name;
      const description = document.createElement("dd");
      description.textContent = value;
      list.append(term, description);
    }
    element.replaceChildren(title, list);
    element.hidden = false;
    element.classList.toggle("pinned", this.isPinned);
    const { width, height } = element.getBoundingClientRect();
    const left = x + gap + width > innerWidth ? x - gap - width : x + gap;
    const top = y + gap + height > innerHeight ? y - gap - height : y + gap;
    element.style.left = `${Math.max(4, left)}px`;
    element.style.top = `${Math.max(4, top)}px`;
  }

  hide(): void {
    this.isPinned = false;
    this.#element.hidden = true;
  }
}
