# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Study in JupyterLab
#
# This notebook is a study session: you say what you study for and how much time you have, and get the questions that are worth your time today. Choose **Run → Run All Cells** once, then use mouse or keyboard. You do not have to read or write any code.
#
# - **Study** asks what is due for review first, and then what is new to you. What you knew comes back after a longer gap, what you missed after a short one; a question that comes back is another one of the same family, where there is one.
# - Before you check an answer, say how sure you are. **Progress** then shows how well you judge yourself, how well you know each difference, and what comes back when.
# - **Mock exam** has the same exams as the course's site, with the same clock and report.
# - **Your data** takes your progress to the site, or from there to here, as a file.
#
# Your progress is kept on this computer. When you open this notebook again and run it, you go on where you stopped.

# %% jupyter={"source_hidden": true} tags=["remove-input"]
from quizzes import Study

study = Study()
study

# %% [markdown]
# ## Your answers as a table
#
# Every answer with its time, for the curious: the newest ten.

# %% jupyter={"source_hidden": true} tags=["remove-cell"]
study.history().tail(10)

# %% [markdown]
# ## Where buttons cannot be shown
#
# Some programs show no buttons here: a plain terminal, or an editor that does not run scripts. There, the same questions are asked as text. In a terminal, the command is `python -m quizzes study`; in a notebook, it is `Study().text()`.
