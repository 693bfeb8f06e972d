# Exports as spreadsheets
export-to-list = To the hazards
export-found-on = Found on
export-registered-on = Registered on
export-closed-on = Closed on
