"""From a draft that was read to the programme: what would change, making it so, and taking it back."""
