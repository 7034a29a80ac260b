import { spawn, type ChildProcess } from "node:child_process";

/**
 * Ends what it was told of when standard input ends, as it does with our process, however that ends: also
 * a client that is stopped and cannot see that we are gone.
 */
const wardenScript = `
all=" "
while read -r what pid; do
  case "$what" in
    mind) all="$all$pid " ;;
    forget) all="\${all%% $pid *} \${all#* $pid }" ;;
  esac
done
for pid in $all; do kill -KILL "$pid"; done
`;

/** Looks after processes that must not outlive ours. */
export class Warden {
  readonly #process: ChildProcess;

  constructor() {
    this.#process = spawn("/bin/sh", ["-c", wardenScript], {
      stdio: ["pipe", "ignore", "ignore"],
      // In a group of its own, so that Ctrl-C does not reach it.
      detached: true,
    });
    this.#process.unref();
  }

  mind(pid: number): void {
    this.#process.stdin?.write(`mind ${pid}\n`);
  }

  forget(pid: number): void {
    this.#process.stdin?.write(`forget ${pid}\n`);
  }

  close(): void {
    this.#process.stdin?.end();
  }
}
