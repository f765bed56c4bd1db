"""The conference in numbers, for the organisers' start page: aggregated by the database, a query for all workshops."""
