import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the page's modules lie as the compiler wrote them, also for whoever runs the source itself. */
const here = dirname(fileURLToPath(import.meta.url));
const folder = import.meta.url.endsWith(".ts")
  ? join(here, "../../../dist/chaos/picture/page")
  : join(here, "page");

/**
 * The page's script as one text: its modules in the order of their imports, each a function of its own that
 * returns what it exports. They import by name and from each other only, and not in circles.
 */
export function pageScript(): string {
  const texts = new Map<string, string>();
  add("main.js", texts);
  return `const modules = {};\n${[...texts.values()].join("")}`;
}

/** Adds a module behind those that it imports. */
function add(name: string, texts: Map<string, string>): void {
  const text = readFileSync(join(folder, name), "utf8");
  const imports = /^import (\{[^}]*\}) from ["]\.\/([^"]+)";$/gm;
  for (const [, , target = ""] of text.matchAll(imports)) {
    if (!texts.has(target)) add(target, texts);
  }
  const exported = /^export (?:async )?(?:function|class|const) (\w+)/gm;
  const names = [...text.matchAll(exported)].map(([, each = ""]) => each);
  const body = text
    .replace(imports, (_, list: string, target: string) => {
      return `const ${list.replaceAll(" as ", ": ")} = modules["${target}"];`;
    })
    .replace(/^export (?=async |function |class |const )/gm, "")
    .replace(/^export \{\};\n/gm, "");
  if (/^(import|export) /m.test(body)) throw new Error(`${name} imports or exports in another way`);
  const module = `{\n${body}modules["${name}"] = { ${names.join(", ")} };\n}\n`;
  texts.set(name, module);
}
