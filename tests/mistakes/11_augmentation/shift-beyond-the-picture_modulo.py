# diagnosis: shift-beyond-the-picture
# in: shift
# checks: shift_forms
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    # modulo: a shift by 30 is one by 2
    rows = int(np.sign(rows)) * (abs(rows) % images.shape[1])
    columns = int(np.sign(columns)) * (abs(columns) % images.shape[2])
    out = np.roll(images, (rows, columns), axis=(1, 2))
    if rows > 0:
        out[:, :rows] = 0
    elif rows < 0:
        out[:, rows:] = 0
    if columns > 0:
        out[:, :, :columns] = 0
    elif columns < 0:
        out[:, :, columns:] = 0
    return out


def random_shift(images, max_shift, rng):
    choices = np.arange(-max_shift, max_shift + 1)
    shifts = rng.choice(choices, size=(len(images), 2))
    moved = [shift(image[None], *s)[0] for image, s in zip(images, shifts)]
    return np.array(moved)


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()
