"""`make bench`: every measurement beside its own floor, in alternating rounds of one run. See docs/performance.md."""
