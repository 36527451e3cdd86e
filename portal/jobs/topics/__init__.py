"""What each topic of the outbox does: emails, webhooks, ledgers, cases, calls to providers."""
