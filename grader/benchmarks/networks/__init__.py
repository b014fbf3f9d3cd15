"""How fast, how well and how small MNIST can be learned: what the README and lesson 14 claim of networks."""
