/**
 * Colours by what they mean, once for light and once for dark. Text has a contrast of 4.5 at least, what has
 * a meaning 3. Those of resources differ in lightness too, and nothing is told by colour alone.
 */
const light = `
  --paper: #f7f7f5; --card: #ffffff; --ink: #1b1d22; --muted: #5a606b; --rule: #dcdee3; --grid: #ececee;
  --link: #1f57b8; --focus: #1f57b8; --on-tone: #ffffff;
  --good: #157347; --good-soft: #e3f2e9; --alarm: #c8250f; --alarm-ink: #b3200d; --alarm-soft: #fbdcd6;
  --warn: #c2570a; --warn-ink: #a34706; --warn-soft: #fbe6d2; --open: #6b5a1e; --open-soft: #f4efd9;
  --wait: #c9ccd3; --wait-edge: #757b87; --vote: #4a5160; --fault: #1b1d22;
  --up: #b9c4bd; --down: #3c414b; --down-soft: #d9dbe0; --frozen: #3f6ea8; --frozen-soft: #dbe6f3;
  --quarantine: #8a6d00; --quarantine-soft: #f6ecc4; --clock: #7a46b0; --clock-soft: #ebe0f6;
  --cut: #a34706; --cut-soft: #f7e3d3;
  --resource-0: #2f6bd8; --resource-1: #0f8577; --resource-2: #8457c9; --resource-3: #a0720c;
  --resource-4: #c2478f; --resource-5: #55606f;
`;

const dark = `
  --paper: #121418; --card: #1a1d23; --ink: #e9eaee; --muted: #a3a9b5; --rule: #31363f; --grid: #22262d;
  --link: #8ab4ff; --focus: #8ab4ff; --on-tone: #101216;
  --good: #63c795; --good-soft: #17301f; --alarm: #ff6f58; --alarm-ink: #ff8a76; --alarm-soft: #4d1f18;
  --warn: #f0954a; --warn-ink: #f5a868; --warn-soft: #43290f; --open: #d8c26f; --open-soft: #322c14;
  --wait: #444a55; --wait-edge: #959ca9; --vote: #b6bdc9; --fault: #e9eaee;
  --up: #3f5147; --down: #b4b9c4; --down-soft: #3a3e47; --frozen: #7fb0ea; --frozen-soft: #1d2e44;
  --quarantine: #e0c050; --quarantine-soft: #3a3110; --clock: #c09af0; --clock-soft: #33234a;
  --cut: #f0954a; --cut-soft: #43290f;
  --resource-0: #6f9ff5; --resource-1: #45bfae; --resource-2: #b593f0; --resource-3: #d8a63e;
  --resource-4: #ea83bf; --resource-5: #a0abba;
`;

export const theme: string = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
`;
