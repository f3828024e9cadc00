-- What is for other servers and not acknowledged by them yet, in the order in which it leaves; and servers that were
-- reached once, for which it is worth waiting. Numbers never come back: an acknowledgement means all up to one.

CREATE TABLE server_queue (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  from_domain TEXT NOT NULL,
  to_domain TEXT NOT NULL,
  time INTEGER NOT NULL,
  stanza BLOB NOT NULL
);

CREATE INDEX server_queue_pair ON server_queue (from_domain, to_domain, id);

CREATE TABLE known_server (
  domain TEXT NOT NULL PRIMARY KEY,
  seen INTEGER NOT NULL
) WITHOUT ROWID;
