import { html, Markup, type Part } from "./markup.ts";
import { theme } from "./theme.ts";

export interface DocumentParts {
  readonly title: string;
  readonly style: string;
  readonly body: Part;
  /** The page's own script, a module. */
  readonly script?: string;
}

/** The browser itself sees to it that the page asks nobody for anything. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

const icon =
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>" +
  "<rect x='1' y='3' width='9' height='4' rx='1' fill='%232f6bd8'/>" +
  "<rect x='6' y='9' width='9' height='4' rx='1' fill='%23c8321f'/></svg>";

/** One HTML file that needs nothing else. */
export function documentOf({ title, style, body, script }: DocumentParts): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="icon" href="data:image/svg+xml,${new Markup(icon)}" />
        <style>
          ${new Markup(theme + style)}
        </style>
      </head>
      <body>
        ${body}
        ${
          script !== undefined &&
          html`<script type="module">
            ${new Markup(script.replaceAll("</", "<\\/"))};
          </script>`
        }
      </body>
    </html> `;
  return page.text;
}
