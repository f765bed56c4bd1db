"""From a file to lines: one reader for each kind of file, chosen by what the file is, not by what it is called."""
