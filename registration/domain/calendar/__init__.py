"""A participant's own calendar: what they subscribe to, and the invitations their mails bring."""
