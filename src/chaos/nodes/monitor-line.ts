/** A command that a server says that it has executed. */
export interface MonitorLine {
  /** Whether a script did it. */
  readonly isInScript: boolean;
  readonly words: readonly string[];
}

const word = /"((?:[^"\\]|\\.)*)"/g;

/** What `MONITOR` prints; undefined for what is not such a line. */
export function monitorLine(line: string): MonitorLine | undefined {
  const head = /^\+\d+\.\d+ \[\d+ (\S+)\] /.exec(line);
  if (head === null) return undefined;
  const rest = line.slice(head[0].length);
  const words = [...rest.matchAll(word)].map(([, text = ""]) => unescaped(text));
  return { isInScript: head[1] === "lua", words };
}

function unescaped(text: string): string {
  return text.replace(/\\(x[0-9a-f]{2}|.)/g, (_, code: string) => {
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return { n: "\n", r: "\r", t: "\t", a: "\u0007", b: "\b" }[code] ?? code;
  });
}
