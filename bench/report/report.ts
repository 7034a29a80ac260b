export async function report(_f: readonly string[], _i: string): Promise<string[]> {
  return [];
}
