"""HTTP: the routes of the service leverantor and the forms of what they take and give."""
