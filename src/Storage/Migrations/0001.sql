-- Version 1. Times are microseconds since 1970 in UTC. README.md gives the reasons for the shapes.

CREATE TABLE account (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  role INTEGER NOT NULL,
  locked INTEGER NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER,
  last_seen INTEGER,
  last_status TEXT
);

-- Names of removed accounts, refused to newcomers for a while.
CREATE TABLE former_name (
  name TEXT PRIMARY KEY,
  removed INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE scram_keys (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  hash INTEGER NOT NULL,
  salt BLOB NOT NULL,
  iterations INTEGER NOT NULL,
  stored_key BLOB NOT NULL,
  server_key BLOB NOT NULL,
  PRIMARY KEY (account, hash)
) WITHOUT ROWID;

CREATE TABLE device (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  key TEXT NOT NULL,
  software TEXT,
  name TEXT,
  created INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  used_password INTEGER NOT NULL,
  UNIQUE (account, key)
);

CREATE TABLE fast_token (
  device INTEGER NOT NULL REFERENCES device ON DELETE CASCADE,
  slot INTEGER NOT NULL,
  mechanism TEXT NOT NULL,
  secret BLOB NOT NULL,
  expires INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (device, slot)
) WITHOUT ROWID;

CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  UNIQUE (account, key)
);

CREATE TABLE report (
  id INTEGER PRIMARY KEY,
  reporter INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  contact TEXT NOT NULL,
  reason TEXT NOT NULL,
  text TEXT,
  xml BLOB NOT NULL,
  time INTEGER NOT NULL
);
CREATE INDEX report_reporter ON report (reporter);

CREATE TABLE circle (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE circle_member (
  circle INTEGER NOT NULL REFERENCES circle ON DELETE CASCADE,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  PRIMARY KEY (circle, account)
) WITHOUT ROWID;
CREATE INDEX circle_member_account ON circle_member (account);

-- An invite ends with who gave it, with its circle, and with the account that it would reset.
CREATE TABLE invite (
  id TEXT PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  inviter INTEGER REFERENCES account ON DELETE CASCADE,
  role INTEGER NOT NULL,
  circle INTEGER REFERENCES circle ON DELETE CASCADE,
  uses INTEGER NOT NULL,
  used INTEGER NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  account_expires INTEGER,
  note TEXT,
  reset INTEGER REFERENCES account ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE guardian (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  guardian INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  PRIMARY KEY (account, guardian)
) WITHOUT ROWID;
CREATE INDEX guardian_guardian ON guardian (guardian);

CREATE TABLE approved (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  jid TEXT NOT NULL,
  PRIMARY KEY (account, jid)
) WITHOUT ROWID;

-- Lists inside a column are joined by U+001F, which XML and addresses cannot contain.
CREATE TABLE roster (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  contact TEXT NOT NULL,
  name TEXT,
  groups TEXT,
  subscription INTEGER NOT NULL,
  ask INTEGER NOT NULL,
  approved INTEGER NOT NULL,
  listed INTEGER NOT NULL,
  pending_in BLOB,
  PRIMARY KEY (account, contact)
) WITHOUT ROWID;

CREATE TABLE roster_version (
  account INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
  version INTEGER NOT NULL
);

CREATE TABLE blocked (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  jid TEXT NOT NULL,
  PRIMARY KEY (account, jid)
) WITHOUT ROWID;

-- The archive: content once, and a small entry for each owner. No foreign keys here: this is the hot path.
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  owner1 INTEGER,
  owner2 INTEGER,
  stanza BLOB NOT NULL
);

CREATE TABLE peer (
  id INTEGER PRIMARY KEY,
  jid TEXT NOT NULL UNIQUE
);

CREATE TABLE archive (
  account INTEGER NOT NULL,
  id INTEGER NOT NULL,
  time INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  peer INTEGER NOT NULL,
  resource TEXT,
  PRIMARY KEY (account, id)
) WITHOUT ROWID;
CREATE INDEX archive_hidden ON archive (account, id) WHERE flags & 4 <> 0;

CREATE TABLE delivered (
  account INTEGER PRIMARY KEY,
  id INTEGER NOT NULL
);

CREATE TABLE archive_preferences (
  account INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
  standard TEXT NOT NULL,
  always TEXT,
  never TEXT
);

-- One row: no id at or below it is given out again, although its message may be gone.
CREATE TABLE archive_position (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  last INTEGER NOT NULL
);

-- Resumable sessions. What changes with every batch is apart from what stays, so that many share a page.
CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  resource TEXT NOT NULL
);
CREATE INDEX session_account ON session (account);

CREATE TABLE session_inbound (
  session INTEGER PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  inbound INTEGER NOT NULL,
  touched INTEGER NOT NULL
);
