-- Version 5. How devices are told while they sleep: app servers (XEP-0357), and browsers at the box's own.

CREATE TABLE push (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  device INTEGER NOT NULL REFERENCES device ON DELETE CASCADE,
  service TEXT NOT NULL,
  node TEXT NOT NULL,
  options BLOB NOT NULL,
  UNIQUE (account, service, node)
);
CREATE INDEX push_device ON push (device);

CREATE TABLE web_push (
  device INTEGER PRIMARY KEY REFERENCES device ON DELETE CASCADE,
  node TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  key TEXT NOT NULL,
  auth TEXT NOT NULL
);
