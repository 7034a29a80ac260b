/** Gives each distinct value a number, from 0 on. */
export class Catalog<Value> {
  readonly #ids = new Map<string, number>();
  readonly #values: Value[] = [];
  readonly #onNew: (value: Value) => void;

  constructor(onNew: (value: Value) => void = () => {}) {
    this.#onNew = onNew;
  }

  /** @param name tells values apart; made of all that is in it when not given. */
  idOf(value: Value, name: string = JSON.stringify(value)): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.#values.push(value) - 1;
    this.#ids.set(name, id);
    this.#onNew(value);
    return id;
  }

  get(id: number): Value {
    return this.#values[id]!;
  }
}
