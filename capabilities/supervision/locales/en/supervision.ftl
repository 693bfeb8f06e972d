# Texts of the capability supervision
supervision-title = Supervision
problem-supervision-title-empty = Enter a title.
problem-supervision-not-open = It is closed and can no longer be changed.
