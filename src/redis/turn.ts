let acts: (() => void)[] = [];

/** Does it when what the event loop is at now is done: one immediate for all who ask in one turn. */
export function atEndOfTurn(act: () => void): void {
  if (acts.push(act) === 1) setImmediate(doAll);
}

function doAll(): void {
  const now = acts;
  acts = [];
  for (const act of now) act();
}
