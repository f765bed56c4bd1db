"""What is wrong with a programme, or with a draft of one, before anybody else notices.

`check_programme` looks at the plain values, `check_draft` adds what only the draft's own words can say, `findings_for`
looks at a conference of the database (with what other applications add), `apply_proposal` does what one click does.
"""
