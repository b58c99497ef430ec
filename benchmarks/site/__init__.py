"""The published site against jupyterquiz, a self-hosted html-manager, and the theme as it comes."""
