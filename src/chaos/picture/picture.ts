import { gzipSync } from "node:zlib";
import type { RunRecord } from "../record.ts";
import { aboutPart } from "./about-part.ts";
import { chartPart } from "./chart-part.ts";
import { documentOf } from "./document.ts";
import { drawingOf } from "./drawing-of.ts";
import { html, Markup } from "./markup.ts";
import { pageScript } from "./page-script.ts";
import { chartStyle } from "./style/chart-style.ts";
import { textStyle } from "./style/text-style.ts";
import { verdictPart } from "./verdict-part.ts";

export interface PictureOptions {
  /**
   * So many operations are drawn at most; of more, those near a finding and then the longest, and the page
   * says so. 100 000 by default, which makes a file of a few megabytes.
   */
  readonly mostOperations?: number;
}

/** One run as one HTML file that needs nothing else: what came out of it, and what happened. */
export function pictureOf(
  record: RunRecord,
  { mostOperations = 100_000 }: PictureOptions = {},
): string {
  const run = drawingOf(record, mostOperations);
  const data = gzipSync(JSON.stringify(run.drawing), { level: 6 }).toString("base64");
  return documentOf({
    title: `${record.scenario.name}, ${record.system.name}: ${record.verdict.outcome}`,
    style: textStyle + chartStyle,
    body: html`
      <main>${verdictPart(record)} ${chartPart(record, run)} ${aboutPart(record)}</main>
      <script type="text/plain" id="drawing">
        ${new Markup(data)}
      </script>
    `,
    script: pageScript(),
  });
}
