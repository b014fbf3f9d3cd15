// What the playgrounds compute with.

import { bytesOf } from "./scripted.js";

const here = document.currentScript.src; // known only while this script begins
const UNIT = 4096; // of the pairs
let digits = null;

const near = (place) => new URL(place, here).href;

// The bytes of a network of the page for drawing.
export const networkBytes = (name) => bytesOf(name, near(`../draw/networks/${name}.js`));

// Test digits, and fours and nines measured in two ways as in lesson 3: { images: n × 784 bytes, labels: n bytes,
// pairs: m × 2 numbers, nines: m times 0 or 1 }.
export function data() {
  digits ??= bytesOf("digits", near("digits.js")).then(async (packed) => {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const buffer = await new Response(stream).arrayBuffer();
    const [count, measured] = new Uint32Array(buffer, 0, 2);
    const rounded = new Int16Array(buffer, 8, 2 * measured);
    const pairs = Float32Array.from(rounded, (number) => number / UNIT);
    let at = 8 + rounded.byteLength;
    const next = (length) => new Uint8Array(buffer, (at += length) - length, length);
    return { pairs, nines: next(measured), images: next(784 * count), labels: next(count) };
  });
  return digits;
}
