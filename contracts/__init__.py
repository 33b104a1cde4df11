"""The promises between the services: event types, their documents and their gate.

Guarantees that everything a consumer may rely on stands here and nowhere else: the classes in
``placering`` and ``leverantor`` are the contract, and the JSON Schemas, the AsyncAPI document and
the examples under this folder are generated from them. The package knows no service and no
framework but msgspec, so a foreign consumer may use it as it is.
"""
