"""One module a format; each turns a bank into text and knows nothing of files."""
