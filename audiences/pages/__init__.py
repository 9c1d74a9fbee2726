"""Pages about people: one file per noun. Each page names its permission; data and verbs are those of the API."""
