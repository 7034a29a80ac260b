import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import type { LockFixture } from "../lock/kit.ts";
import { anyRequest, domException, never, rejectsExactly } from "./kit.ts";

/** https://w3c.github.io/web-locks/#api-lock-manager-request, and Web IDL's conversions before it. */
export const webArguments: Contract<LockFixture> = [
  {
    name: "request: rejects without a name and a callback, and never throws",
    async check({ manager }) {
      const locks = manager();
      await assert.rejects(anyRequest(locks), TypeError);
      await assert.rejects(anyRequest(locks, "name"), TypeError);
      await assert.rejects(anyRequest(locks, "name", {}), TypeError);
    },
  },
  {
    name: "request: the callback has to be a function",
    async check({ manager }) {
      const locks = manager();
      for (const callback of [undefined, null, 123, "abc", [], {}, Promise.resolve()]) {
        await assert.rejects(anyRequest(locks, "name", callback), TypeError);
        await assert.rejects(anyRequest(locks, "name", {}, callback), TypeError);
      }
      await assert.rejects(
        anyRequest(locks, "name", () => 1, undefined),
        TypeError,
      );
    },
  },
  {
    name: "request: converts the name to a string, which a symbol does not survive",
    async check({ manager, finish }) {
      const locks = manager();
      const nameOf = (name: unknown): Promise<unknown> =>
        finish(anyRequest(locks, name, (lock: { name: string }) => lock.name));
      assert.equal(await nameOf(42), "42");
      assert.equal(await nameOf(null), "null");
      assert.equal(await nameOf({ toString: () => "spoken" }), "spoken");
      await assert.rejects(anyRequest(locks, Symbol("s"), never), TypeError);
    },
  },
  {
    name: "request: options may be left out, undefined or null, but have to be an object",
    async check({ manager, resource, finish }) {
      const locks = manager();
      for (const options of [undefined, null, {}, () => 1]) {
        const mode = anyRequest(locks, resource(), options, (lock: { mode: string }) => lock.mode);
        assert.equal(await finish(mode), "exclusive");
      }
      for (const options of [1, "shared", true, Symbol("s")]) {
        await assert.rejects(anyRequest(locks, "name", options, never), TypeError);
      }
    },
  },
  {
    name: "request: mode is exclusive or shared, and exclusive when left out",
    async check({ manager, resource, finish }) {
      const locks = manager();
      const modeOf = (mode: unknown): Promise<unknown> =>
        finish(anyRequest(locks, resource(), { mode }, (lock: { mode: string }) => lock.mode));
      assert.equal(await modeOf(undefined), "exclusive");
      assert.equal(await modeOf("exclusive"), "exclusive");
      assert.equal(await modeOf("shared"), "shared");
      assert.equal(await modeOf({ toString: () => "shared" }), "shared");
      for (const mode of ["foo", null, "", "Shared", 0, Symbol("s")]) {
        await assert.rejects(anyRequest(locks, "name", { mode }, never), TypeError);
      }
    },
  },
  {
    name: "request: ifAvailable and steal are true when they are truthy",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const inner = (): Promise<unknown> =>
        anyRequest(locks, name, { ifAvailable: "yes" }, (lock: unknown) => lock);
      assert.equal(await finish(locks.request(name, inner)), null);
      await assert.rejects(
        anyRequest(locks, name, { ifAvailable: 1, steal: 1 }, never),
        domException("NotSupportedError"),
      );
      await finish(anyRequest(locks, name, { ifAvailable: 0, steal: "" }, () => 1));
    },
  },
  {
    name: "request: the signal has to be an AbortSignal",
    async check({ manager }) {
      const locks = manager();
      const impostor = { aborted: false, addEventListener() {}, removeEventListener() {} };
      for (const signal of ["string", 12.34, false, null, {}, Symbol("s"), never, impostor]) {
        await assert.rejects(anyRequest(locks, "name", { signal }, never), TypeError);
      }
      await assert.rejects(
        anyRequest(locks, "name", { signal: new EventTarget() }, never),
        TypeError,
      );
    },
  },
  {
    name: "request: names that begin with a hyphen are reserved, others are free",
    async check({ manager, finish }) {
      const locks = manager();
      for (const name of ["-", "-foo", "--"]) {
        await assert.rejects(locks.request(name, never), domException("NotSupportedError"));
      }
      assert.equal(await finish(locks.request("x-y", (lock) => lock.name)), "x-y");
    },
  },
  {
    name: "request: steal goes neither with ifAvailable nor with shared",
    async check({ manager }) {
      const locks = manager();
      const refused = domException("NotSupportedError");
      await assert.rejects(locks.request("n", { steal: true, ifAvailable: true }, never), refused);
      await assert.rejects(locks.request("n", { steal: true, mode: "shared" }, never), refused);
    },
  },
  {
    name: "request: a signal goes neither with steal nor with ifAvailable, aborted or not",
    async check({ manager }) {
      const locks = manager();
      const refused = domException("NotSupportedError");
      for (const signal of [new AbortController().signal, AbortSignal.abort()]) {
        await assert.rejects(locks.request("n", { signal, steal: true }, never), refused);
        await assert.rejects(locks.request("n", { signal, ifAvailable: true }, never), refused);
        await assert.rejects(locks.request("-n", { signal }, never), refused);
      }
    },
  },
  {
    name: "request: a signal that is aborted already rejects with its reason, and nothing is asked for",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      for (const signal of [AbortSignal.abort(), AbortSignal.abort("my dog ate it")]) {
        await rejectsExactly(locks.request(name, { signal }, never), signal.reason);
      }
      const aborted = locks.request(name, { signal: AbortSignal.abort() }, never);
      await assert.rejects(aborted, domException("AbortError"));
      assert.deepEqual(await finish(locks.query()), { held: [], pending: [] });
    },
  },
  {
    name: "request: an option that nobody knows is a mistake (stricter than Web IDL)",
    async check({ manager }) {
      await assert.rejects(anyRequest(manager(), "name", { ttl: 5_000 }, never), TypeError);
    },
  },
];
