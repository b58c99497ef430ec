"""The instructor's side: an nbgrader course whose scenario notebooks are marked without running anything."""
