"""People: merchants, members, roles and the keys of machines."""
