"""How the product is put into service: the compose file, the image, databases and roles."""
