"""The demo's mail: stored as files, read in the browser. Not there in production."""
