import { answers, freePort } from "./port.ts";
import type { Master } from "./master.ts";

type Testcontainers = typeof import("testcontainers");
type Runtime = Awaited<ReturnType<Testcontainers["getContainerRuntimeClient"]>>;

/** The image that is run; `$REDIS_IMAGE` names another. */
const defaultImage = "redis:7.4-alpine";

/** A master in a container, on a port of this machine that a restart keeps. */
export class ContainerMaster implements Master {
  readonly url: string;
  readonly isOurs = true;
  readonly pid = undefined;
  readonly #id: string;
  readonly #port: number;
  readonly #runtime: Runtime;

  private constructor(id: string, port: number, runtime: Runtime) {
    this.url = `redis://127.0.0.1:${port}`;
    this.#id = id;
    this.#port = port;
    this.#runtime = runtime;
  }

  static async start(
    testcontainers: Testcontainers,
    serverArguments: readonly string[],
  ): Promise<ContainerMaster> {
    const { GenericContainer, Wait, getContainerRuntimeClient } = testcontainers;
    const runtime = await getContainerRuntimeClient();
    const port = await freePort();
    const container = await new GenericContainer(imageName())
      .withExposedPorts({ container: 6379, host: port })
      .withCommand(["redis-server", "--save", "", ...serverArguments])
      .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
      .start();
    return new ContainerMaster(container.getId(), port, runtime);
  }

  async kill(): Promise<void> {
    if (!(await this.#isRunning())) return;
    await this.#container().kill({ signal: "SIGKILL" });
    // The signal has been sent; until it has worked, the container counts as running.
    await this.#container().wait();
  }

  async pause(): Promise<void> {
    await this.#container().pause();
  }

  async resume(): Promise<void> {
    await this.#container().unpause();
  }

  async start(): Promise<void> {
    if (await this.#isRunning()) return;
    await this.#container().start();
    await answers(this.#port);
  }

  async remove(): Promise<void> {
    await this.#container().remove({ force: true, v: true });
  }

  #container(): ReturnType<Runtime["container"]["getById"]> {
    return this.#runtime.container.getById(this.#id);
  }

  async #isRunning(): Promise<boolean> {
    return (await this.#container().inspect()).State.Running;
  }
}

/**
 * The library that runs containers, if it is installed and finds an engine. It is loaded only when
 * it is needed: the package itself does without.
 */
export async function containerEngine(): Promise<Testcontainers | undefined> {
  try {
    const testcontainers = await import("testcontainers");
    await testcontainers.getContainerRuntimeClient();
    return testcontainers;
  } catch {
    return undefined;
  }
}

export function imageName(): string {
  return process.env["REDIS_IMAGE"] ?? defaultImage;
}
