"""How fast whole classes are marked, told, and exported: this project's ways beside stock nbgrader and otter-grader."""
