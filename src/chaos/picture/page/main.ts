import { sceneOf } from "./build-scene.ts";
import { byId, Chart } from "./chart.ts";
import { InWords } from "./in-words.ts";
import { listenToKeyboard } from "./keyboard.ts";
import { Places } from "./places.ts";
import { listenToPointer } from "./pointer.ts";
import { listenToToolbar, sayRange } from "./toolbar.ts";
import { readDrawing } from "./unpack.ts";

/** Below this the legend would stand before everything else. */
const narrow = 760;

const drawing = await readDrawing(byId("drawing").textContent);
const say = (words: string): void => {
  byId("spoken").textContent = words;
};
const chart = new Chart(sceneOf(drawing));
const places = new Places(chart, say);
const inWords = new InWords(chart);
chart.onDraw = () => {
  sayRange(chart);
  places.follow();
  inWords.follow();
};
if (innerWidth < narrow) document.querySelector(".legend")?.removeAttribute("open");
listenToPointer(chart);
listenToToolbar(chart, (direction) => places.showNext(direction));
listenToKeyboard(chart, say);
places.begin();
byId("copy").addEventListener("click", () => void copyReplay());
document.documentElement.dataset["drawn"] = "yes";

async function copyReplay(): Promise<void> {
  const command = byId("replay");
  try {
    await navigator.clipboard.writeText(command.textContent);
    byId("copy").textContent = "Copied";
  } catch {
    // A page from a file may not be let: then the command stands there marked.
    getSelection()?.selectAllChildren(command);
  }
}
