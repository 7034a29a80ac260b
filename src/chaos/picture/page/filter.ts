import type { Operation, Overlap, Scene } from "./scene.ts";

/** Which clients and which resource are looked at. */
export class Filter {
  /** A place in the list of resources; all of them if undefined. */
  resource: number | undefined;
  readonly #hidden = new Set<number>();
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  isClientShown(client: number): boolean {
    return !this.#hidden.has(client);
  }

  setClient(client: number, isShown: boolean): void {
    if (isShown) this.#hidden.delete(client);
    else this.#hidden.add(client);
  }

  setAllClients(isShown: boolean): void {
    for (const client of this.#scene.clients.keys()) this.setClient(client, isShown);
  }

  isShown = ({ client, resources }: Operation): boolean =>
    !this.#hidden.has(client) && (this.resource === undefined || resources.includes(this.resource));

  isOverlapShown = ({ first, second, resource }: Overlap): boolean =>
    (this.resource === undefined || this.resource === resource) &&
    (this.isClientShown(first.client) || this.isClientShown(second.client));
}
