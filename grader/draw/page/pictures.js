// Small pictures of numbers: gray digits, and maps whose positive numbers are blue and negative ones orange.

import { element } from "./pad.js";

const BLUE = [0, 90, 160];
const ORANGE = [200, 80, 0];
const GRAY = 150;

// values in 0..255, bright ink on black, as a canvas of the same size in pixels.
export function digitCanvas({ height, width, values }, canvas = element("canvas")) {
  return paint(canvas, height, width, (data) => {
    for (let i = 0, at = 0; i < values.length; i++, at += 4) data[at] = data[at + 1] = data[at + 2] = values[i];
  });
}

function paint(canvas, height, width, fill) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  const picture = context.createImageData(width, height);
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
  fill(picture.data);
  context.putImageData(picture, 0, 0);
  return canvas;
}

const GAP = 1;

// How many maps stand in a row, so that the whole is about `aspect` times as wide as high, and its rows equally full.
export function columnsFor(count, height, width, aspect) {
  const fitting = Math.round(Math.sqrt((aspect * count * (height + GAP)) / (width + GAP)));
  return Math.ceil(count / Math.ceil(count / Math.max(fitting, 1)));
}

// All maps of one layer, (height, width, channels), side by side with a transparent pixel between; silenced ones are gray.
export function mapsCanvas(canvas, values, [height, width, channels], columns, silenced = null) {
  const rows = Math.ceil(channels / columns);
  const total = columns * (width + GAP) - GAP;
  let most = 1e-9;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return paint(canvas, rows * (height + GAP) - GAP, total, (data) => {
    for (let i = 3; i < data.length; i += 4) data[i] = 0;
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++, at++) {
          const row = Math.floor(c / columns) * (height + GAP) + y;
          const to = 4 * (row * total + (c % columns) * (width + GAP) + x);
          setColor(data, to, values[at] / most);
          if (silenced?.has(c)) data.fill(GRAY, to, to + 3);
        }
      }
    }
  });
}

// White at 0, blue at 1, orange at -1.
function setColor(data, at, share) {
  const color = share > 0 ? BLUE : ORANGE;
  const strength = Math.sqrt(Math.min(Math.abs(share), 1)); // small responses stay visible
  for (let k = 0; k < 3; k++) data[at + k] = 255 + (color[k] - 255) * strength;
  data[at + 3] = 255;
}

// Gray levels of a bitmap or an image that has been loaded.
export function grayOf(source, width, height) {
  const context = element("canvas", { width, height }).getContext("2d");
  context.drawImage(source, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return { height, width, values: Uint8Array.from({ length: height * width }, (_, i) => data[4 * i]) };
}
