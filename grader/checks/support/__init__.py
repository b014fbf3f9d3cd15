"""What checks are built from: drawings, small networks, independent right answers. A mistake is defined in the file
whose check names it, or in ``networks`` if several exercises share it."""
