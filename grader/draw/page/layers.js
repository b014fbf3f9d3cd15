// The layers of small networks, as Keras computes them at inference.
//
// A layer is made once from its settings, the shape of its input and its weights, and then run as often as you like:
// { shape, run }, where run(input) returns the layer's own Float32Array of that shape, which the next run overwrites.
// Images are (height, width, channels) with the channels last, vectors are (length), kernels are stored as Keras has
// them: (height, width, channels in, channels out).

const size = (shape) => shape.reduce((product, length) => product * length, 1);
const pair = (value) => (Array.isArray(value) ? value : [value, value]);
const MOST = 4e6; // numbers in an array: a file may ask for any

function limited(count, most = MOST) {
  if (!(count >= 1 && count <= most)) throw new Error("A layer of this network is too large for this page.");
  return count;
}

const numbers = (count) => new Float32Array(limited(count));

// The weights of a layer, if each has as many numbers as it needs.
function fitting(weights, ...counts) {
  if (weights.some((values, i) => values.length !== counts[i])) throw new Error("This network's weights do not fit its layers. Save it again.");
  return weights;
}

// Activations change an array in place. `width` is the length of its last axis.
const each = (f) => (values) => {
  for (let i = 0; i < values.length; i++) values[i] = f(values[i]);
};
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const elu = (alpha) => (x) => (x > 0 ? x : alpha * Math.expm1(x));

export const ACTIVATIONS = {
  linear: () => {},
  relu: each((x) => (x > 0 ? x : 0)),
  relu6: each((x) => Math.min(Math.max(x, 0), 6)),
  leaky_relu: each((x) => (x > 0 ? x : 0.2 * x)),
  elu: each(elu(1)),
  selu: each((x) => SELU_SCALE * elu(SELU_ALPHA)(x)),
  sigmoid: each(sigmoid),
  hard_sigmoid: each((x) => Math.min(Math.max(x / 6 + 0.5, 0), 1)),
  tanh: each(Math.tanh),
  softplus: each((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  softsign: each((x) => x / (1 + Math.abs(x))),
  silu: each((x) => x * sigmoid(x)),
  swish: each((x) => x * sigmoid(x)),
  gelu: each((x) => 0.5 * x * (1 + erf(x / Math.SQRT2))),
  exponential: each(Math.exp),
  softmax,
};

function softmax(values, width) {
  for (let start = 0; start < values.length; start += width) {
    let largest = -Infinity;
    for (let i = start; i < start + width; i++) largest = Math.max(largest, values[i]);
    let sum = 0;
    for (let i = start; i < start + width; i++) sum += values[i] = Math.exp(values[i] - largest);
    for (let i = start; i < start + width; i++) values[i] /= sum;
  }
}

// Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.5 near zero and 7.1.14 farther out.
function erf(x) {
  const z = Math.abs(x);
  if (z < 2.5) {
    let term = z;
    let sum = z;
    for (let n = 1; n < 40; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (z + fraction);
  return Math.sign(x) * (1 - Math.exp(-z * z) / ((z + fraction) * Math.sqrt(Math.PI)));
}

function activated(settings, shape, run) {
  const name = settings.activation ?? "linear";
  if (!Object.hasOwn(ACTIVATIONS, name)) throw new Error(`This page cannot compute the activation ${name}.`);
  const activate = ACTIVATIONS[name];
  const width = shape[shape.length - 1];
  return {
    shape,
    run(input) {
      const output = run(input);
      activate(output, width);
      return output;
    },
  };
}

const same = (shape) => ({ shape, run: (input) => input });

// Each value becomes f(value, channel).
function pointwise(shape, f) {
  const output = numbers(size(shape));
  const width = shape[shape.length - 1];
  return {
    shape,
    run(input) {
      for (let i = 0; i < output.length; i++) output[i] = f(input[i], i % width);
      return output;
    },
  };
}

function dense(settings, shape, given) {
  const inputs = shape[shape.length - 1];
  const units = settings.units;
  const [weights, bias] = fitting(given, inputs * units, units);
  const output = numbers((size(shape) / inputs) * units);
  return activated(settings, [...shape.slice(0, -1), units], (input) => {
    for (let row = 0; row * inputs < input.length; row++) {
      const to = row * units;
      for (let u = 0; u < units; u++) output[to + u] = bias ? bias[u] : 0;
      for (let i = 0; i < inputs; i++) {
        const value = input[row * inputs + i];
        if (value === 0) continue; // most pixels are blank, and so are many units
        const from = i * units;
        for (let u = 0; u < units; u++) output[to + u] += value * weights[from + u];
      }
    }
    return output;
  });
}

// Where the window at each position begins, and how many positions there are, along one axis.
function positions(length, window, stride, padding) {
  if (padding === "valid") return { count: Math.floor((length - window) / stride) + 1, before: 0 };
  const count = Math.ceil(length / stride);
  const added = Math.max((count - 1) * stride + window - length, 0);
  return { count, before: Math.floor(added / 2) }; // TensorFlow adds the odd row below and to the right
}

// Calls visit(output position, input position, kernel position) for every pair that meet. `dilation` spreads a kernel.
function slide(shape, settings, window, visit) {
  const [height, width] = shape;
  const [down, across] = pair(settings.strides ?? 1);
  const [far, wide] = pair(settings.dilation_rate ?? 1);
  const rows = positions(height, (window[0] - 1) * far + 1, down, settings.padding ?? "valid");
  const columns = positions(width, (window[1] - 1) * wide + 1, across, settings.padding ?? "valid");
  limited(rows.count * columns.count * size(window), 10 * MOST); // what a run visits
  if (visit) {
    for (let y = 0; y < rows.count; y++) {
      for (let x = 0; x < columns.count; x++) {
        for (let ky = 0; ky < window[0]; ky++) {
          const row = y * down - rows.before + ky * far;
          if (row < 0 || row >= height) continue;
          for (let kx = 0; kx < window[1]; kx++) {
            const column = x * across - columns.before + kx * wide;
            if (column < 0 || column >= width) continue;
            visit(y * columns.count + x, row * width + column, ky * window[1] + kx);
          }
        }
      }
    }
  }
  return [rows.count, columns.count];
}

function conv2d(settings, shape, given) {
  const channels = shape[2];
  const filters = settings.filters;
  const window = pair(settings.kernel_size);
  const [kernels, bias] = fitting(given, size(window) * channels * filters, filters);
  const [rows, columns] = slide(shape, settings, window);
  const output = numbers(rows * columns * filters);
  return activated(settings, [rows, columns, filters], (input) => {
    for (let i = 0; i < output.length; i++) output[i] = bias ? bias[i % filters] : 0;
    slide(shape, settings, window, (to, from, at) => {
      to *= filters;
      from *= channels;
      at *= channels * filters;
      for (let c = 0; c < channels; c++, at += filters) {
        const value = input[from + c];
        if (value === 0) continue;
        for (let f = 0; f < filters; f++) output[to + f] += value * kernels[at + f];
      }
    });
    return output;
  });
}

function depthwise(settings, shape, given) {
  const channels = shape[2];
  const multiplier = settings.depth_multiplier ?? 1;
  const filters = channels * multiplier;
  const window = pair(settings.kernel_size);
  const [kernels, bias] = fitting(given, size(window) * filters, filters);
  const [rows, columns] = slide(shape, settings, window);
  const output = numbers(rows * columns * filters);
  return activated(settings, [rows, columns, filters], (input) => {
    for (let i = 0; i < output.length; i++) output[i] = bias ? bias[i % filters] : 0;
    slide(shape, settings, window, (to, from, at) => {
      for (let f = 0; f < filters; f++) {
        output[to * filters + f] += input[from * channels + Math.floor(f / multiplier)] * kernels[at * filters + f];
      }
    });
    return output;
  });
}

function separable(settings, shape, [depths, points, bias]) {
  const first = depthwise({ ...settings, activation: "linear" }, shape, [depths]);
  const rest = bias ? [points, bias] : [points];
  const second = conv2d({ ...settings, kernel_size: 1, strides: 1, dilation_rate: 1 }, first.shape, rest);
  return { shape: second.shape, run: (input) => second.run(first.run(input)) };
}

function pooling(settings, shape, isMax) {
  const channels = shape[2];
  const window = pair(settings.pool_size ?? 2);
  const strided = { strides: settings.strides ?? window, padding: settings.padding };
  const [rows, columns] = slide(shape, strided, window);
  const output = numbers(rows * columns * channels);
  const counts = numbers(rows * columns);
  slide(shape, strided, window, (to) => counts[to]++); // a mean is over the pixels that are there
  return {
    shape: [rows, columns, channels],
    run(input) {
      output.fill(isMax ? -Infinity : 0);
      slide(shape, strided, window, (to, from) => {
        for (let c = 0; c < channels; c++) {
          const value = input[from * channels + c];
          const at = to * channels + c;
          if (!isMax) output[at] += value;
          else if (value > output[at]) output[at] = value;
        }
      });
      if (!isMax) for (let i = 0; i < output.length; i++) output[i] /= counts[Math.floor(i / channels)];
      return output;
    },
  };
}

function globalPooling(settings, shape, isMax) {
  const all = pooling({ pool_size: shape.slice(0, 2) }, shape, isMax);
  return { shape: settings.keepdims ? all.shape : [shape[2]], run: all.run };
}

function batchNormalization(settings, shape, weights) {
  const rest = [...fitting(weights, ...weights.map(() => shape[shape.length - 1]))];
  const gamma = settings.scale === false ? null : rest.shift();
  const beta = settings.center === false ? null : rest.shift();
  const [mean, variance] = rest;
  const factors = variance.map((v, c) => (gamma ? gamma[c] : 1) / Math.sqrt(v + (settings.epsilon ?? 0.001)));
  const shifts = mean.map((m, c) => (beta ? beta[c] : 0) - m * factors[c]);
  return pointwise(shape, (value, channel) => value * factors[channel] + shifts[channel]);
}

function zeroPadding(settings, shape) {
  const [height, width, channels] = shape;
  const [vertical, horizontal] = pair(settings.padding ?? 1);
  const [top, bottom] = pair(vertical);
  const [left, right] = pair(horizontal);
  const padded = [height + top + bottom, width + left + right, channels];
  const output = numbers(size(padded));
  return {
    shape: padded,
    run(input) {
      for (let y = 0; y < height; y++) {
        const row = input.subarray(y * width * channels, (y + 1) * width * channels);
        output.set(row, ((y + top) * padded[1] + left) * channels);
      }
      return output;
    },
  };
}

// The share of the k nearest stored examples that each class has. Of two that are equally near, the first counts.
function nearestNeighbors(settings, shape, given) {
  const inputs = size(shape);
  const [examples, labels] = fitting(given, inputs * given[1].length, given[1].length);
  const output = numbers(settings.classes);
  const distances = new Float64Array(labels.length);
  return {
    shape: [settings.classes],
    run(input) {
      for (let e = 0; e < labels.length; e++) {
        let sum = 0;
        for (let i = 0, at = e * inputs; i < inputs; i++, at++) sum += (input[i] - examples[at]) ** 2;
        distances[e] = sum;
      }
      output.fill(0);
      for (let found = 0; found < settings.k; found++) {
        const nearest = distances.indexOf(distances.reduce((a, b) => Math.min(a, b)));
        output[labels[nearest]] += 1 / settings.k;
        distances[nearest] = Infinity;
      }
      return output;
    },
  };
}

// What each layer becomes. Layers that act in training alone are not in the file.
const LAYERS = {
  Dense: dense,
  Conv2D: conv2d,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  MaxPooling2D: (settings, shape) => pooling(settings, shape, true),
  AveragePooling2D: (settings, shape) => pooling(settings, shape, false),
  GlobalMaxPooling2D: (settings, shape) => globalPooling(settings, shape, true),
  GlobalAveragePooling2D: (settings, shape) => globalPooling(settings, shape, false),
  BatchNormalization: batchNormalization,
  ZeroPadding2D: zeroPadding,
  Rescaling: ({ scale, offset = 0 }, shape) => pointwise(shape, (value) => value * scale + offset),
  Flatten: (_, shape) => same([size(shape)]),
  Reshape: ({ target_shape: target }, shape) => {
    const known = target.reduce((product, length) => (length < 0 ? product : product * length), 1);
    return same(target.map((length) => (length < 0 ? size(shape) / known : length)));
  },
  Activation: (settings, shape) => activation(settings, shape),
  ReLU: ({ max_value: most, negative_slope: slope = 0, threshold = 0 }, shape) =>
    pointwise(shape, (x) => (x >= threshold ? Math.min(x, most ?? Infinity) : slope * (x - threshold))),
  LeakyReLU: ({ negative_slope: slope = 0.3 }, shape) => pointwise(shape, (x) => (x > 0 ? x : slope * x)),
  ELU: ({ alpha = 1 }, shape) => pointwise(shape, elu(alpha)),
  Softmax: (_, shape) => activation({ activation: "softmax" }, shape),
  NearestNeighbors: nearestNeighbors,
};

function activation(settings, shape) {
  const output = numbers(size(shape));
  return activated(settings, shape, (input) => {
    output.set(input);
    return output;
  });
}

export function makeLayer(type, settings, shape, weights) {
  if (!Object.hasOwn(LAYERS, type)) throw new Error(`This page cannot compute a layer of type ${type}.`);
  return LAYERS[type](settings, shape, weights);
}
