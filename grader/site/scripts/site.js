// What every page of the site runs. What can be tried is loaded when it comes near, so that a page is there at once.

import * as copy from "./copy.js";
import * as predict from "./predict.js";
import * as progress from "./progress.js";
import * as terms from "./terms.js";

const here = document.currentScript.src;
let loading = null;

function playgrounds() {
  loading ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: new URL("playgrounds.js", here) });
    script.onload = () => resolve(globalThis.digitsPlaygrounds);
    script.onerror = () => reject(new Error("playgrounds.js is missing. Copy the whole site again."));
    document.head.append(script);
  });
  return loading;
}

async function begin(place) {
  try {
    await (await playgrounds())[place.dataset.playground].begin(place);
  } catch (error) {
    place.textContent = error.message;
  }
}

// The words around what a search has found are read from the pages, which one that was opened from a disk may not.
if (location.protocol !== "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = true;

copy.begin();
predict.begin();
progress.begin();
terms.begin();

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      begin(target);
    }
  },
  { rootMargin: "400px" },
);
document.querySelectorAll("[data-playground]").forEach((place) => near.observe(place));
