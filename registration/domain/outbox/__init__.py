"""Every e-mail owed is a row, written in the transaction that owes it; docs/outbox.md tells how it leaves."""
