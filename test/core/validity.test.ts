/**
 * Goal: the arithmetic of time never promises more than the nodes do.
 * Method: properties over all ttls and rounds; each line of the formulas once by hand.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { roundTimeoutMs, driftMs, minimumValidityMs, validUntil } from "../../src/core/validity.ts";

const ttl = fc.integer({ min: 10, max: 2 ** 31 });
const instant = fc.double({ min: 0, max: 1e12, noNaN: true });

describe("validity", () => {
  test("by hand: 10 s lose 102 ms to drift, and a round may take half a second", () => {
    expect(driftMs(10_000)).toBe(102);
    expect(validUntil(5_000, 10_000, 0)).toBe(14_898);
    expect(roundTimeoutMs(10_000)).toBe(500);
    expect(roundTimeoutMs(1_000)).toBe(50);
    expect(roundTimeoutMs(60)).toBe(20);
    expect(roundTimeoutMs(3_600_000)).toBe(500);
  });

  test("ends before any node that was asked after the start can have forgotten", () => {
    fc.assert(
      fc.property(
        ttl,
        instant,
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (ttlMs, start, later) => {
          const grantedAt = start + later;
          // A node whose clock runs 1 % fast, and whose milliseconds are coarse.
          const forgotten = grantedAt + (ttlMs - 1) / 1.01;
          expect(validUntil(start, ttlMs, 0)).toBeLessThanOrEqual(forgotten);
        },
      ),
    );
  });

  test("grows with the ttl, and counts from the start of the round", () => {
    fc.assert(
      fc.property(ttl, ttl, instant, instant, (a, b, start, later) => {
        fc.pre(a < b && start < later);
        expect(validUntil(start, a, 0)).toBeLessThan(validUntil(start, b, 0));
        expect(validUntil(start, a, 0)).toBeLessThanOrEqual(validUntil(later, a, 0));
      }),
    );
  });

  test("leaves a round that took all of its time more than the minimum", () => {
    fc.assert(
      fc.property(ttl, instant, (ttlMs, start) => {
        const decidedAt = start + roundTimeoutMs(ttlMs);
        expect(validUntil(start, ttlMs, 0) - decidedAt).toBeGreaterThan(minimumValidityMs(ttlMs));
      }),
    );
  });
});
