"""What the mails say: a letter is composed once a language, and laid out as plain text and as HTML."""
