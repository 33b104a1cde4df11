"""The service uppfoljning: facts of the other services' events, and the reports over them."""
