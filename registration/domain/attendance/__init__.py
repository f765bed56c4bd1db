"""Who was there: pressed “join”, stood in the platform's report, or was entered by an organiser."""
