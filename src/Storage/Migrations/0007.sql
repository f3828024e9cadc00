-- What guardians decide: who elsewhere may be reached, and quiet hours. Numbers of requests are never used again: people
-- answer by them.

CREATE TABLE approval_request (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  jid TEXT NOT NULL,
  kind INTEGER NOT NULL,
  time INTEGER NOT NULL,
  refused INTEGER,
  UNIQUE (account, jid)
);

CREATE TABLE quiet_span (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  day INTEGER NOT NULL,
  from_minute INTEGER NOT NULL,
  to_minute INTEGER NOT NULL,
  PRIMARY KEY (account, day, from_minute, to_minute)
) WITHOUT ROWID;

-- What waits for the end of quiet hours; costs the other entries nothing.
CREATE INDEX archive_waits ON archive (account, id) WHERE flags & 8 <> 0;
