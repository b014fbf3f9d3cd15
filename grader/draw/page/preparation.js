// The preparation of lesson 13: from a drawing to a digit like those of MNIST, step by step.
//
// An image is { height, width, values }: gray levels 0 to 255, row after row. The steps give the same levels as the
// reference solution (scipy.ndimage and Pillow), up to two.

const image = (height, width, values = new Uint8Array(height * width)) => ({ height, width, values });

// Red, green, blue and opacity, as a canvas has them. Where it is transparent, white paper shows through.
export function toGrayscale({ height, width, data }) {
  const gray = image(height, width);
  for (let i = 0, at = 0; i < gray.values.length; i++, at += 4) {
    const opacity = data[at + 3] / 255;
    const level = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    gray.values[i] = Math.round(opacity * level + (1 - opacity) * 255);
  }
  return gray;
}

// Bright ink on dark paper, as in MNIST: the median of the border says which the paper is.
export function invertIfNeeded({ height, width, values }) {
  const border = new Float32Array(2 * (height + width));
  for (let x = 0; x < width; x++) border.set([values[x], values[(height - 1) * width + x]], 2 * x);
  for (let y = 0; y < height; y++) border.set([values[y * width], values[y * width + width - 1]], 2 * (width + y));
  const isInverted = median(border) < 128;
  return image(height, width, isInverted ? values.slice() : values.map((level) => 255 - level));
}

// The smallest box that holds the digit, with the paper in it cleared. null if there is no ink.
export function cropToInk(gray) {
  const { height, width, values } = gray;
  const smooth = blurred(gray);
  const paper = opened(smooth, height, width, Math.floor(Math.max(height, width) / 4) + 1);
  const contrast = smooth; // no longer needed as it is
  let strongest = 0;
  for (let i = 0; i < contrast.length; i++) {
    contrast[i] -= paper[i];
    if (contrast[i] > strongest) strongest = contrast[i];
  }
  if (strongest < 30) return null;
  const digit = largeComponents(contrast, strongest / 2, height, width);
  const factor = Math.fround(255 / Math.fround(median(chosen(contrast, digit)))); // float32, as in NumPy
  const near = dilated(dilated(digit, height, width), height, width);
  const box = boxOf(digit, height, width);
  const cut = image(box.bottom - box.top + 1, box.right - box.left + 1);
  for (let y = box.top, to = 0; y <= box.bottom; y++) {
    for (let x = box.left; x <= box.right; x++, to++) {
      const at = y * width + x;
      const level = Math.fround(Math.fround(values[at] - paper[at]) * factor);
      if (near[at]) cut.values[to] = roundedToEven(Math.min(Math.max(level, 0), 255));
    }
  }
  return cut;
}

// The longer side becomes `box` pixels long; each new pixel is a mean of the old ones that it covers.
export function fitToBox(gray, box = 20) {
  const scale = box / Math.max(gray.height, gray.width);
  const [rows, columns] = [gray.height, gray.width].map((length) => Math.max(1, roundedToEven(length * scale)));
  return resized(gray, rows, columns);
}

// Into a square frame, with the center of mass on the middle pixel, and no ink beyond its edge.
export function centerByMass({ height, width, values }, size = 28) {
  let mass = 0;
  let [down, across] = [0, 0];
  values.forEach((level, i) => {
    mass += level;
    down += level * Math.floor(i / width);
    across += level * (i % width);
  });
  if (!mass) return null;
  const place = (moment, length) =>
    Math.min(Math.max(roundedToEven(Math.floor(size / 2) - moment / mass), 0), size - length);
  const [top, left] = [place(down, height), place(across, width)];
  const frame = image(size, size);
  for (let y = 0; y < height; y++) frame.values.set(values.subarray(y * width, (y + 1) * width), (y + top) * size + left);
  return frame;
}

// All steps, with their names. The last one is the digit; null if there is no ink.
export function prepare(gray) {
  const bright = invertIfNeeded(gray);
  const cut = cropToInk(bright);
  const fitted = cut && fitToBox(cut);
  const digit = fitted && centerByMass(fitted);
  return digit && { bright, cut, fitted, digit };
}

// What happens to a drawing without any preparation but a change of size: the whole page becomes 28×28.
export function shrink(gray) {
  return resized(invertIfNeeded(gray), 28, 28);
}

function median(numbers) {
  const sorted = numbers.sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function chosen(values, mask) {
  const found = new Float32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (mask[i]) found[count++] = values[i];
  return found.subarray(0, count);
}

function roundedToEven(x) {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 ? below + 1 : below;
}

// Beyond its ends, a line is mirrored: c b a | a b c | c b a.
function mirrored(i, length) {
  const turn = ((i % (2 * length)) + 2 * length) % (2 * length);
  return turn < length ? turn : 2 * length - 1 - turn;
}

// A Gaussian blur with a standard deviation of one pixel, cut off after four.
function blurred({ height, width, values }) {
  const weights = Float64Array.from({ length: 9 }, (_, i) => Math.exp(-((i - 4) ** 2) / 2));
  const sum = weights.reduce((a, b) => a + b);
  let from = Float32Array.from(values);
  for (const [length, step, lines, between] of [[height, width, width, 1], [width, 1, height, width]]) {
    const to = new Float32Array(from.length);
    const places = Int32Array.from({ length: length + 8 }, (_, i) => mirrored(i - 4, length) * step);
    for (let line = 0, start = 0; line < lines; line++, start += between) {
      let same = 0; // how many pixels before this one, and the four after it, have its level
      for (let i = 0; i < length; i++) {
        const next = start + places[i + 8];
        same = from[next] === from[start + places[i + 7]] ? same + 1 : 0;
        if (same > 8 && i) {
          to[start + i * step] = to[start + (i - 1) * step]; // blank paper, mostly
          continue;
        }
        let total = 0;
        for (let k = 0; k < 9; k++) total += weights[k] * from[start + places[i + k]];
        to[start + i * step] = total / sum;
      }
    }
    from = to;
  }
  return from;
}

// A gray opening: the smallest value in a square window, then the largest. It erases what is bright and narrower.
function opened(values, height, width, size) {
  const before = size >> 1;
  const after = size - 1 - before; // of an even window: its larger half is first before the pixel, then after it
  const low = minima(values, height, width, size, before);
  if (isConstant(low)) return low; // on clean paper, no window is full of ink
  return negative(minima(negative(low), height, width, size, after));
}

function isConstant(values) {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

function negative(values) {
  for (let i = 0; i < values.length; i++) values[i] = -values[i];
  return values;
}

function minima(values, height, width, size, before) {
  let from = values;
  for (const [length, step, lines, between] of [[height, width, width, 1], [width, 1, height, width]]) {
    const to = new Float32Array(from.length);
    const places = Int32Array.from({ length: length + size - 1 }, (_, i) => mirrored(i - before, length) * step);
    const left = new Float32Array(places.length);
    const right = new Float32Array(places.length);
    for (let line = 0, start = 0; line < lines; line++, start += between) {
      // Van Herk's method: with running minima from both ends of each block, every window is a choice of two.
      for (let block = 0; block < places.length; block += size) {
        const end = Math.min(block + size, places.length);
        let least = Infinity;
        for (let i = block; i < end; i++) {
          const value = from[start + places[i]];
          left[i] = least = value < least ? value : least;
        }
        least = Infinity;
        for (let i = end - 1; i >= block; i--) {
          const value = from[start + places[i]];
          right[i] = least = value < least ? value : least;
        }
      }
      for (let i = 0; i < length; i++) {
        const other = left[i + size - 1];
        to[start + i * step] = right[i] < other ? right[i] : other;
      }
    }
    from = to;
  }
  return from;
}

// Pixels above a limit that belong to a large connected component; diagonal neighbors are connected.
function largeComponents(values, limit, height, width) {
  const names = new Int32Array(values.length); // 0: paper, or not visited yet
  const stack = new Int32Array(values.length);
  const sizes = [0];
  for (let first = 0; first < values.length; first++) {
    if (values[first] <= limit || names[first]) continue;
    const name = sizes.length;
    let [size, waiting] = [0, 1];
    stack[0] = first;
    names[first] = name;
    while (waiting) {
      const at = stack[--waiting];
      size++;
      const x = at % width;
      const left = x > 0 ? -1 : 0;
      const right = x < width - 1 ? 1 : 0;
      for (let row = at - width; row <= at + width; row += width) {
        if (row < 0 || row >= values.length) continue;
        for (let next = row + left; next <= row + right; next++) {
          if (values[next] > limit && !names[next]) {
            names[next] = name;
            stack[waiting++] = next;
          }
        }
      }
    }
    sizes.push(size);
  }
  const least = 0.04 * sizes.reduce((a, b) => Math.max(a, b));
  const isLarge = Uint8Array.from(sizes, (size, name) => (name && size >= least ? 1 : 0));
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < mask.length; i++) mask[i] = isLarge[names[i]];
  return mask;
}

// Each pixel's four neighbors are added.
function dilated(mask, height, width) {
  const wider = mask.slice();
  for (let at = 0; at < mask.length; at++) {
    if (!mask[at]) continue;
    const x = at % width;
    if (x > 0) wider[at - 1] = 1;
    if (x < width - 1) wider[at + 1] = 1;
    if (at >= width) wider[at - width] = 1;
    if (at < mask.length - width) wider[at + width] = 1;
  }
  return wider;
}

function boxOf(mask, height, width) {
  const box = { top: height, bottom: 0, left: width, right: 0 };
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (!mask[at]) continue;
      box.top = Math.min(box.top, y);
      box.bottom = y;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
    }
  }
  return box;
}

function hamming(x) {
  if (x === 0) return 1;
  if (Math.abs(x) >= 1) return 0;
  const angle = x * Math.PI;
  return (Math.sin(angle) / angle) * (Math.fround(0.54) + Math.fround(0.46) * Math.cos(angle)); // as in Pillow
}

// The width becomes `columns`, with Pillow's Hamming filter: it widens with the reduction, so that each new pixel sees
// every old one that it covers.
function resizedAcross({ height, width, values }, columns) {
  const scale = width / columns;
  const reach = Math.max(scale, 1);
  const resized = image(height, columns);
  for (let x = 0; x < columns; x++) {
    const center = (x + 0.5) * scale;
    const first = Math.max(0, Math.floor(center - reach + 0.5));
    const last = Math.min(width, Math.floor(center + reach + 0.5));
    const weights = [];
    for (let k = first; k < last; k++) weights.push(hamming((k - center + 0.5) / reach));
    const sum = weights.reduce((a, b) => a + b, 0);
    const whole = weights.map((weight) => Math.floor((weight / sum) * 2 ** 22 + 0.5)); // Pillow's fixed point
    for (let y = 0; y < height; y++) {
      let total = 2 ** 21;
      for (let k = first; k < last; k++) total += whole[k - first] * values[y * width + k];
      resized.values[y * columns + x] = Math.min(total >> 22, 255);
    }
  }
  return resized;
}

function transposed({ height, width, values }) {
  return image(width, height, values.map((_, i) => values[(i % height) * width + Math.floor(i / height)]));
}

function resized(gray, rows, columns) {
  const down = (picture) => transposed(resizedAcross(transposed(picture), rows));
  const isTall = gray.height > 2 * gray.width; // Pillow 13 then begins with the height, which rounds differently
  return isTall ? resizedAcross(down(gray), columns) : down(resizedAcross(gray, columns));
}
