# alternative: every body one expression; eye, divide with dtype, lambdas
import numpy as np

label_counts = lambda labels, num_classes=10: np.histogram(labels, bins=np.arange(num_classes + 1) - 0.5)[0]
scale_pixels = lambda images: np.divide(images, 255, dtype=np.float32)
flatten_images = lambda images: images.reshape(-1, np.prod(images.shape[1:]))
add_channel_axis = lambda images: images[:, :, :, np.newaxis]
one_hot = lambda labels, num_classes=10: np.eye(num_classes, dtype=np.float32)[labels]
