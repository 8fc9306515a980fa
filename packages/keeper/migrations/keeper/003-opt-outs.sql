-- Whether people who opted out are in a release's counts (wire's OptOuts). They were, in all that stand here so far.

ALTER TABLE release ADD COLUMN opt_outs INTEGER NOT NULL DEFAULT 0;
