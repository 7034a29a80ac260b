/** The same without these. */
export function without<T extends object, Key extends keyof T>(
  given: T,
  ...keys: readonly Key[]
): Omit<T, Key> {
  const left = Object.entries(given).filter(([key]) => !keys.some((each) => each === key));
  return Object.fromEntries(left) as Omit<T, Key>;
}
