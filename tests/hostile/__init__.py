"""Hostile submissions as data: what each tries, how it is handed in, and the effects by which an attack has succeeded.

Every payload stays within the course that it is handed in to. The same attacks meet this project's grader and stock
nbgrader, whose assignment asks the same items in typed cells. `hostile.catalogue` has all of them.
"""
