"""The service placering: klienter, beslut, verkställighet and placeringar."""
