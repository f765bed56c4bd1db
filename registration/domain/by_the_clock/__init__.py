"""Mail that nobody presses a button for: reminders, thanks, the organisers' daily overview."""
