"""Free messages of the hosts to a filtered group of their people."""
