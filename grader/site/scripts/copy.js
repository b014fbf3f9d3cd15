// A button on each block of code that copies it; not on what code has printed.

import { button } from "./controls.js";

const PAUSE = 2000; // milliseconds for which it says that it has

export function begin() {
  if (!navigator.clipboard) return;
  for (const block of document.querySelectorAll('[class*="highlight-"]:not(.highlight-text) > .highlight')) {
    const copy = button("Copy", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").textContent);
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = "Copy"), PAUSE);
    });
    copy.className = "copy";
    block.append(copy);
  }
}
