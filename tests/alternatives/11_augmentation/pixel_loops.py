# alternative: plain loops over pixels, two augmenting layers in a functional model
import keras
import numpy as np


def shift(images, rows, columns):
    result = images * 0
    height, width = images.shape[1], images.shape[2]
    for row in range(height):
        for column in range(width):
            old_row, old_column = row - rows, column - columns
            if 0 <= old_row < height and 0 <= old_column < width:
                result[:, row, column] = images[:, old_row, old_column]
    return result


def random_shift(images, max_shift, rng):
    distances = list(range(-max_shift, max_shift + 1))
    result = []
    for image in images:
        rows = int(rng.choice(distances))
        columns = int(rng.choice(distances))
        result.append(shift(np.array([image]), rows, columns)[0])
    return np.array(result)


def build_augmented_cnn():
    image = keras.Input((28, 28, 1))
    moved = keras.layers.RandomTranslation((-0.16, 0.16), (-0.16, 0.16), fill_mode="constant")(image)
    turned = keras.layers.RandomRotation(10 / 360, fill_mode="constant", interpolation="nearest")(moved)
    x = keras.layers.Conv2D(16, 5, activation="relu")(turned)
    x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.Conv2D(32, 3, activation="relu")(x)
    x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(80, activation="relu")(x)
    digit = keras.layers.Dense(10, activation="softmax")(x)
    model = keras.Model(image, digit)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(), metrics=["sparse_categorical_accuracy"])
    model.optimizer.learning_rate = 0.003
    return model


def train_augmented(model, images, labels, epochs=3):
    x = np.zeros((len(images), 28, 28, 1), np.float32)
    x[:, :, :, 0] = images
    x /= 255
    return model.fit(x, np.asarray(labels, dtype="int32"), batch_size=32, epochs=epochs, verbose=0)
