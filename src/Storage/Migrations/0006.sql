-- Version 6. Rooms. An archive entry of a room stands under its number, negative.

CREATE TABLE room (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  circle INTEGER UNIQUE,
  created INTEGER NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  language TEXT NOT NULL,
  flags INTEGER NOT NULL,
  private_messages INTEGER NOT NULL,
  most_occupants INTEGER NOT NULL,
  slow_mode INTEGER NOT NULL,
  history INTEGER NOT NULL,
  password TEXT,
  subject TEXT,
  subject_from TEXT,
  subject_time INTEGER,
  avatar TEXT
);

CREATE TABLE room_affiliation (
  room INTEGER NOT NULL REFERENCES room ON DELETE CASCADE,
  jid TEXT NOT NULL,
  affiliation INTEGER NOT NULL,
  nick TEXT,
  reason TEXT,
  PRIMARY KEY (room, jid)
) WITHOUT ROWID;
CREATE INDEX room_affiliation_jid ON room_affiliation (jid);

CREATE TABLE room_card (
  room INTEGER PRIMARY KEY REFERENCES room ON DELETE CASCADE,
  card BLOB NOT NULL
);

-- Bookmarks that were written for an account; what it does with them later is its own.
CREATE TABLE room_bookmark (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  room INTEGER NOT NULL REFERENCES room ON DELETE CASCADE,
  PRIMARY KEY (account, room)
) WITHOUT ROWID;
CREATE INDEX room_bookmark_room ON room_bookmark (room);
