-- How many replies are kept for one agent is bounded: the oldest are found by this.

CREATE INDEX idempotency_of_agent ON idempotency (agent, at);
