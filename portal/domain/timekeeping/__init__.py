"""The clock of an attempt: what adds up to its deadline, who is granted more, and what its page is told."""
