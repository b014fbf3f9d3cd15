// A trained network: read from the compact file that Python writes (grader/draw/packing.py), then run on digits.

import { makeLayer } from "./layers.js";

const MAGIC = "DIGITS1\n";

// bytes: the file as it is, gzip-compressed. Resolves to { header, tensors }.
export async function unpack(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(stream).arrayBuffer();
  const text = (from, to) => new TextDecoder().decode(new Uint8Array(buffer, from, to - from));
  if (buffer.byteLength < 12 || text(0, 8) !== MAGIC) throw new Error("This network's file is damaged. Save or download it again.");
  const start = 12 + new DataView(buffer).getUint32(8, true);
  const header = JSON.parse(text(12, start));
  let at = start;
  const tensors = header.tensors.map(({ shape, bits }) => {
    const length = shape.reduce((product, side) => product * side, 1);
    const tensor = bits === 32 ? floats(buffer, at, length) : rounded(buffer, at, shape);
    at += bits === 32 ? 4 * length : 4 * shape[shape.length - 1] + length;
    return tensor;
  });
  return { header, tensors };
}

function floats(buffer, at, length) {
  return new Float32Array(buffer.slice(at, at + 4 * length));
}

// Weights rounded to whole numbers, with a scale for each column: for each unit or filter.
function rounded(buffer, at, shape) {
  const columns = shape[shape.length - 1];
  const scales = floats(buffer, at, columns);
  const whole = new Int8Array(buffer, at + 4 * columns, shape.reduce((product, side) => product * side, 1));
  return Float32Array.from(whole, (value, i) => value * scales[i % columns]);
}

export class Network {
  // changes: { bits, biases, silenced }, see `changed`.
  constructor(header, tensors, changes = {}) {
    this.header = header;
    this.tensors = tensors;
    this.silenced = changes.silenced ?? {};
    this.input = new Float32Array(784);
    let shape = header.input;
    this.layers = header.layers.map(({ type, name, settings, weights = [] }) => {
      const layer = makeLayer(type, settings, shape, weights.map((index) => this.changed(index, changes)));
      shape = layer.shape;
      return { type, name, settings, weights, shape, run: layer.run };
    });
    if (shape.length !== 1 || shape[0] !== 10) throw new Error("This network does not end in ten numbers.");
  }

  static async read(bytes) {
    const { header, tensors } = await unpack(bytes);
    return new Network(header, tensors);
  }

  // The same network, broken on purpose. bits: to how many bits weights are rounded; biases: false sets them to 0;
  // silenced: { layer index: set of the filters or units whose output becomes 0 }.
  broken(changes) {
    return new Network(this.header, this.tensors, changes);
  }

  changed(index, { bits = 32, biases = true }) {
    const tensor = this.tensors[index];
    const { shape, role } = this.header.tensors[index];
    if (role === "bias" && !biases) return new Float32Array(tensor.length);
    return role === "kernel" && bits < 32 ? inBits(tensor, shape[shape.length - 1], bits) : tensor;
  }

  // pixels: 784 numbers from 0 (paper) to 255 (ink). Returns the ten probabilities. The outputs of all layers stay in
  // `activations` until the next run.
  run(pixels) {
    const { scale } = this.header;
    for (let i = 0; i < 784; i++) this.input[i] = pixels[i] * scale;
    this.activations = [];
    let values = this.input;
    this.layers.forEach((layer, index) => {
      values = layer.run(values);
      const silenced = this.silenced[index];
      if (silenced?.size) {
        const width = layer.shape[layer.shape.length - 1];
        values = values.map((value, i) => (silenced.has(i % width) ? 0 : value));
      }
      this.activations.push(values);
    });
    return this.header.logits ? softmaxOf(values) : values;
  }

  probabilities(pixels) {
    return Float32Array.from(this.run(pixels));
  }
}

function softmaxOf(logits) {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

// Rounded to 2 ** bits - 1 levels, symmetric around 0, with a scale for each column. One bit keeps the sign alone, with
// the mean size of the column.
export function inBits(tensor, columns, bits) {
  const sizes = new Float64Array(columns);
  tensor.forEach((value, i) => {
    const column = i % columns;
    sizes[column] = bits > 1 ? Math.max(sizes[column], Math.abs(value)) : sizes[column] + Math.abs(value);
  });
  const rows = tensor.length / columns;
  const levels = 2 ** (bits - 1) - 1;
  return tensor.map((value, i) => {
    const most = sizes[i % columns];
    if (bits === 1) return (Math.sign(value) * most) / rows;
    return most ? (Math.round((value / most) * levels) / levels) * most : 0;
  });
}
