/** A length of time as people say it: `1.24 s`, `312 ms`, `0.42 ms`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms >= 120_000) {
    const seconds = Math.round(ms / 1_000);
    const rest = seconds % 60;
    return `${Math.floor(seconds / 60)} min${rest === 0 ? "" : ` ${rest} s`}`;
  }
  if (ms >= 1_000) return `${trimmed(ms / 1_000, ms >= 10_000 ? 1 : 2)} s`;
  if (ms >= 10) return `${trimmed(ms, ms >= 100 ? 0 : 1)} ms`;
  return `${trimmed(ms, ms >= 0.1 ? 2 : 3)} ms`;
}

/** An instant of the run, as exactly as a step of the axis needs it: `12.340 s`. */
export function instant(ms: number, stepMs: number = 1): string {
  const digits = Math.min(6, Math.max(0, Math.ceil(3 - Math.log10(stepMs) - 1e-9)));
  return `${(ms / 1_000).toFixed(digits)} s`;
}

export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** With thin spaces between thousands, as no language reads them wrongly. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

function trimmed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
