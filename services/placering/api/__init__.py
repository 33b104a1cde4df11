"""HTTP: the routes of the service placering and the forms of what they take and give."""
