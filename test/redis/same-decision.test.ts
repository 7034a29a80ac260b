/**
 * Goal: a memory node decides as a Redis node does, whatever it is asked and whatever its clock
 * says, so that what is shown with memory nodes holds for real ones.
 * Method: random sequences of commands on both, with their clocks at the same microsecond. After
 * every step the answers, and all that the nodes know, are the same.
 */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  anyCommand,
  anyTrouble,
  anyTurn,
  type Command,
  type Trouble,
} from "../fixture/node-command.ts";
import { canMoveClocks } from "../fixture/shifted-clock.ts";
import { aloneTerms } from "../fixture/virtual.ts";
import { TwinNodes } from "../fixture/twin-nodes.ts";
import { TwinRun } from "../fixture/twin-run.ts";

const canMove = await canMoveClocks();

async function compare(nodes: TwinNodes, commands: readonly (Command | Trouble)[]): Promise<void> {
  await nodes.reset();
  const run = new TwinRun(nodes);
  for (const command of commands) {
    const answers = await run.perform(command);
    expect(answers?.memory, JSON.stringify(command)).toEqual(answers?.redis);
    const told = await run.words();
    expect(told.memory, `told by ${JSON.stringify(command)}`).toEqual(told.redis);
    for (const known of await run.inspect()) {
      expect(known.memory, `after ${JSON.stringify(command)}`).toEqual(known.redis);
    }
  }
}

/** A quorum for long locks, and one for short ones: its records do not outlive their holders by as much. */
const terms = { long: aloneTerms, short: { ...aloneTerms, maxTtlMs: 1_000, maxSkewMs: 1_000 } };

describe.skipIf(!canMove).for(["long", "short"] as const)(
  "the same commands, %s locks,",
  (which) => {
    let nodes: TwinNodes;
    beforeAll(async () => void (nodes = await TwinNodes.start(terms[which])));
    afterAll(() => nodes.close());

    test("have the same answers and leave the same behind", async () => {
      const commands = fc.array(anyCommand, { minLength: 1, maxLength: 40, size: "max" });
      await fc.assert(
        fc.asyncProperty(commands, (given) => compare(nodes, given)),
        { numRuns: 400 },
      );
    }, 60_000);

    test("also when all want the same, and come in turn", async () => {
      const turns = fc.array(anyTurn, { minLength: 1, maxLength: 40, size: "max" });
      const listen: Command = { do: "listen", isOn: true };
      await fc.assert(
        fc.asyncProperty(turns, (given) => compare(nodes, [listen, ...given])),
        { numRuns: 300 },
      );
    }, 60_000);

    test("also when the node is told to wait, forgets, or is started anew", async () => {
      const mostly = { weight: 5, arbitrary: anyCommand };
      const either = fc.oneof(mostly, { weight: 1, arbitrary: anyTrouble });
      await fc.assert(
        fc.asyncProperty(fc.array(either, { minLength: 1, maxLength: 40, size: "max" }), (given) =>
          compare(nodes, given),
        ),
        { numRuns: 40 },
      );
    }, 60_000);
  },
);
