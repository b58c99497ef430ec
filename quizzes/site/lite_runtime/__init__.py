"""What the lab in the browser runs: in Pyodide, in the page, and under Node.js while it is built."""
