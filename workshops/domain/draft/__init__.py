"""Reading the programme that organisers write in a word processor: from a file to what it says."""
