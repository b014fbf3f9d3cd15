"""Draw a digit and watch networks read it: one page for the browser, the notebook and the site."""
