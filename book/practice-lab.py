# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Practise in JupyterLab
#
# After this page you can practise the same questions in JupyterLab, where your answers are kept on your computer.
#
# On the published site the questions below work as they stand. In JupyterLab, choose **Run → Run All Cells** once, then answer with mouse or keyboard. You do not have to read or write any code. When you open this notebook again and run it, your answers are back.

# %% [markdown]
# ## Six scenarios

# %% jupyter={"source_hidden": true} tags=["remove-input"]
from quizzes import Quiz

Quiz(draw=6, kind="classify", seed=23)

# %% [markdown]
# ## Check of understanding
#
# Two scenarios that also ask for the words that show the difference.

# %% jupyter={"source_hidden": true} tags=["remove-input"]
Quiz(draw=2, kind="classify", seed=31, evidence=True)
