-- Where people sign in elsewhere (OpenID Connect): one provider for the hub, or none.

CREATE TABLE openid_provider (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  issuer TEXT NOT NULL,
  name TEXT NOT NULL,         -- as pages call it: "NHS CIS2"
  client_id TEXT NOT NULL,
  client_key TEXT NOT NULL,   -- PKCS #8, PEM: signs this hub's assertions (private_key_jwt)
  key_id TEXT,                -- under which the provider knows it
  algorithm TEXT NOT NULL CHECK (algorithm IN ('RS256', 'RS512', 'PS256', 'ES256')),
  pages TEXT NOT NULL         -- where people reach the hub's pages: the provider sends them back there
) STRICT;
