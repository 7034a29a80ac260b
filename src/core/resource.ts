import { expected } from "./expectation.ts";

/**
 * The resources of one call, as a list.
 *
 * @throws {TypeError} for what is not a string or an array of strings.
 * @throws {RangeError} for an empty list, an empty string, and for one that stands there twice.
 */
export function resourceList(given: unknown): readonly string[] {
  if (typeof given === "string") return [nonEmpty(given)];
  if (!Array.isArray(given)) {
    throw new TypeError(expected("resource", "a string or an array of strings", given));
  }
  const list: unknown[] = given;
  if (list.length === 0) throw new RangeError("resource: expected at least one, got []");
  const resources = list.map(nonEmpty);
  const twice = resources.find((resource, index) => resources.indexOf(resource) !== index);
  if (twice !== undefined) {
    throw new RangeError(`resource: ${JSON.stringify(twice)} stands in the list twice`);
  }
  return resources;
}

function nonEmpty(given: unknown): string {
  const resource = resourceName(given);
  if (resource === "") {
    throw new RangeError('resource: expected a string that is not empty, got ""');
  }
  return resource;
}

/** @throws {TypeError} for what is not a string. Any string will do, the empty one included. */
export function resourceName(given: unknown): string {
  if (typeof given !== "string") throw new TypeError(expected("resource", "a string", given));
  return given;
}
