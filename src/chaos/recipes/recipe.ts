/** A lock as tutorials give it: what is wrong with it is left in. */
export interface Recipe {
  /** Whether it ends by itself. If not, it is held until it is released. */
  readonly hasTtl: boolean;
  /** One try. */
  take(wish: RecipeWish): Promise<boolean>;
  release(wish: RecipeWish): Promise<unknown>;
  close(): Promise<unknown>;
}

export interface RecipeWish {
  readonly resource: string;
  /** Another one for every try. */
  readonly owner: string;
  readonly ttlMs: number;
}
