"""The item kinds, one module for each or for two that work alike; `quizzes.items` registers them."""
