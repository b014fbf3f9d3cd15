# alternative: no tape: NumPy walks back through the layers, as in lesson 4; occlusion one image at a time
import keras
import numpy as np


def run(layers, x):
    """The input of every layer, and the output of the last."""
    values = [x]
    for layer in layers:
        values.append(keras.ops.convert_to_numpy(layer(values[-1], training=False)))
    return values


def feature_maps(model, images, layer_name):
    names = [layer.name for layer in model.layers]
    return run(model.layers[: names.index(layer_name) + 1], images)[-1]


def back_through(layer, given, out, slope):
    if isinstance(layer, keras.layers.ReLU) or getattr(layer, "activation", None) is keras.activations.relu:
        slope = slope * (out > 0)
    if isinstance(layer, keras.layers.Dense):
        return slope @ layer.get_weights()[0].T
    if isinstance(layer, keras.layers.Conv2D):
        kernel = layer.get_weights()[0]
        result = np.zeros_like(given)
        height, width = slope.shape[1:3]
        for i in range(kernel.shape[0]):
            for j in range(kernel.shape[1]):
                result[:, i : i + height, j : j + width] += slope @ kernel[i, j].T
        return result
    if isinstance(layer, keras.layers.MaxPooling2D):
        wide = out.repeat(2, axis=1).repeat(2, axis=2)
        rows, columns = wide.shape[1:3]
        result = np.zeros_like(given)
        hits = given[:, :rows, :columns] == wide
        result[:, :rows, :columns] = hits * slope.repeat(2, axis=1).repeat(2, axis=2)
        return result
    return slope.reshape(given.shape)


def saliency_map(model, image, label):
    layers = model.layers[:-1]
    values = run(layers, image[np.newaxis])
    last = model.layers[-1]
    if isinstance(last, keras.layers.Dense):
        slope = last.get_weights()[0][np.newaxis, :, label]
    else:
        slope = np.zeros_like(values[-1])
        slope[0, label] = 1
    for layer, given, out in reversed(list(zip(layers, values[:-1], values[1:]))):
        slope = back_through(layer, given, out, slope)
    return np.abs(slope[0, :, :, 0])


def occlusion_map(model, image, label, patch_size=7):
    def probability(x):
        return run(model.layers, x[np.newaxis])[-1][0, label]

    n = 28 // patch_size
    blocks = np.broadcast_to(image, (n, n, 28, 28, 1)).copy()
    for r in range(n):
        for c in range(n):
            blocks[r, c, r * patch_size :, c * patch_size :][:patch_size, :patch_size] = 0
    return np.array([[probability(image) - probability(block) for block in row] for row in blocks])
