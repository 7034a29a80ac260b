/**
 * Objects over HTTP that refuse a holder whose lock has passed on to somebody else. It takes a
 * store with conditional writes: `If-Match` and `If-None-Match` (Amazon S3, Azure Blob Storage,
 * MinIO and others; sign the requests as yours wants it).
 *
 * The token is a part of the object. In metadata it would not be safe everywhere: in S3 an ETag
 * tells of the content alone, so a claim that changes nothing else would not stop an older
 * `If-Match`.
 */
import { StaleTokenError, type Change, type FencedStore } from "./fenced-store.ts";
import { staleHolder } from "./stale-holder.ts";

interface Found {
  readonly content: Change;
  /** The condition under which it may be replaced: nobody has written since. */
  readonly condition: Record<string, string>;
}

/** Each account is an object that holds the balance and the newest token that was there. */
export class ObjectAccounts implements FencedStore {
  readonly #base: string;

  /** @param base what stands before the name of an object: `https://bucket.example/accounts/`. */
  constructor(base: string) {
    this.#base = base;
  }

  claim(id: string, fencingToken: number): Promise<number> {
    return this.#replace(id, fencingToken);
  }

  async write(id: string, { balance, fencingToken }: Change): Promise<void> {
    await this.#replace(id, fencingToken, balance);
  }

  /** We look at the token; the store makes sure that it is still the same when it writes. */
  async #replace(id: string, fencingToken: number, balance?: number): Promise<number> {
    for (;;) {
      const { content, condition } = await this.#find(id);
      if (content.fencingToken > fencingToken) throw new StaleTokenError(id, fencingToken);
      const next: Change = { balance: balance ?? content.balance, fencingToken };
      const reply = await fetch(this.#url(id), {
        method: "PUT",
        headers: { "content-type": "application/json", ...condition },
        body: JSON.stringify(next),
      });
      await reply.arrayBuffer();
      if (reply.ok) return next.balance;
      // Somebody came between (412, and in S3 409 while they are at it): look again.
      if (reply.status !== 412 && reply.status !== 409) throw unexpected(reply);
    }
  }

  async #find(id: string): Promise<Found> {
    const reply = await fetch(this.#url(id));
    const text = await reply.text();
    if (reply.status === 404) {
      return { content: { balance: 0, fencingToken: 0 }, condition: { "if-none-match": "*" } };
    }
    const etag = reply.headers.get("etag");
    if (!reply.ok || etag === null) throw unexpected(reply);
    return { content: JSON.parse(text) as Change, condition: { "if-match": etag } };
  }

  #url(id: string): string {
    return this.#base + encodeURIComponent(id);
  }
}

function unexpected({ status, url }: Response): Error {
  return new Error(`${url} answered ${status}, or without an ETag`);
}

if (process.argv[1] === import.meta.filename) {
  const base = process.env["OBJECT_STORE_URL"] ?? "http://127.0.0.1:9000/accounts/";
  await staleHolder(new ObjectAccounts(base));
}
