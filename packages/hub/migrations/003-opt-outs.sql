-- Whether people who opted out are in a release's counts (wire's OptOuts). They were, in all that stand here so far.

ALTER TABLE release ADD COLUMN opt_outs TEXT NOT NULL DEFAULT 'OPT_OUTS_COUNTED';
