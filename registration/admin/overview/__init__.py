"""The organisers' start page, and a page of figures for each workshop: every number leads to the list it counts."""
