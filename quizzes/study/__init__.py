"""Self-study in a notebook: a session round the quiz, with progress that is kept on this computer."""
