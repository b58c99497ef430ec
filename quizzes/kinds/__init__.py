"""The item kinds, one module for each or for two that work alike; `quizzes.items` registers them.

A kind's class says in `about` what it is called, where its items lie and which traits they have. Everything else,
formats included, goes by that and by the parts of an item.
"""
