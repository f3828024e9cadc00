PRAGMA page_size = 2048;
PRAGMA application_id = 1265202280;
PRAGMA user_version = 8;
BEGIN TRANSACTION;
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
INSERT INTO account VALUES(1,'anna',1,0,1772366400000000,NULL,NULL,NULL);
INSERT INTO account VALUES(2,'ben',2,0,1772366400000000,NULL,NULL,NULL);
CREATE TABLE approved (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  jid TEXT NOT NULL,
  PRIMARY KEY (account, jid)
) WITHOUT ROWID;
INSERT INTO approved VALUES(2,'aunt@far.example');
CREATE TABLE archive (
  account INTEGER NOT NULL,
  id INTEGER NOT NULL,
  time INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  peer INTEGER NOT NULL,
  resource TEXT,
  PRIMARY KEY (account, id)
) WITHOUT ROWID;
INSERT INTO archive VALUES(1,1772366400000000,1772366400000000,0,1,NULL);
INSERT INTO archive VALUES(2,1772366400000000,1772366400000000,3,2,'phone');
INSERT INTO archive VALUES(2,1772366400000001,1772366400000000,7,3,'tablet');
CREATE TABLE archive_position (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  last INTEGER NOT NULL
);
CREATE TABLE archive_preferences (
  account INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
  standard TEXT NOT NULL,
  always TEXT,
  never TEXT
);
INSERT INTO archive_preferences VALUES(2,'never','anna@home.example',NULL);
CREATE TABLE blocked (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  jid TEXT NOT NULL,
  PRIMARY KEY (account, jid)
) WITHOUT ROWID;
INSERT INTO blocked VALUES(1,'spam@far.example');
CREATE TABLE circle (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
);
INSERT INTO circle VALUES(1,'Family');
CREATE TABLE circle_member (
  circle INTEGER NOT NULL REFERENCES circle ON DELETE CASCADE,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  PRIMARY KEY (circle, account)
) WITHOUT ROWID;
INSERT INTO circle_member VALUES(1,1);
INSERT INTO circle_member VALUES(1,2);
CREATE TABLE delivered (
  account INTEGER PRIMARY KEY,
  id INTEGER NOT NULL
);
INSERT INTO delivered VALUES(2,1772366400000000);
CREATE TABLE device (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  key TEXT NOT NULL,
  software TEXT,
  name TEXT,
  created INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  used_password INTEGER NOT NULL, omemo_axolotl INTEGER, omemo INTEGER,
  UNIQUE (account, key)
);
INSERT INTO device VALUES(1,1,'k','Gajim','Laptop',1772366400000000,1772366400000000,1,31415,27183);
CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  UNIQUE (account, key)
);
INSERT INTO document VALUES(1,1,'vcard',X'3c76436172642f3e');
CREATE TABLE fast_token (
  device INTEGER NOT NULL REFERENCES device ON DELETE CASCADE,
  slot INTEGER NOT NULL,
  mechanism TEXT NOT NULL,
  secret BLOB NOT NULL,
  expires INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (device, slot)
) WITHOUT ROWID;
INSERT INTO fast_token VALUES(1,0,'HT-SHA-256-NONE',X'07',1772971200000000,1);
CREATE TABLE former_name (
  name TEXT PRIMARY KEY,
  removed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE guardian (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  guardian INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  PRIMARY KEY (account, guardian)
) WITHOUT ROWID;
INSERT INTO guardian VALUES(2,1);
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
, name TEXT, contact_only INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO invite VALUES('a',X'0102',1,3,1,3,1,1772366400000000,1772971200000000,1774958400000000,'for the weekend',NULL,'tim',1);
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  owner1 INTEGER,
  owner2 INTEGER,
  stanza BLOB NOT NULL
);
INSERT INTO message VALUES(1772366400000000,1,2,X'68656c6c6f');
INSERT INTO message VALUES(1772366400000001,2,NULL,X'7761697473');
CREATE TABLE peer (
  id INTEGER PRIMARY KEY,
  jid TEXT NOT NULL UNIQUE
);
INSERT INTO peer VALUES(1,'ben@home.example');
INSERT INTO peer VALUES(2,'anna@home.example');
INSERT INTO peer VALUES(3,'aunt@far.example');
CREATE TABLE report (
  id INTEGER PRIMARY KEY,
  reporter INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  contact TEXT NOT NULL,
  reason TEXT NOT NULL,
  text TEXT,
  xml BLOB NOT NULL,
  time INTEGER NOT NULL
);
INSERT INTO report VALUES(1,1,'spam@far.example','urn:xmpp:reporting:spam','again',X'3c',1772366400000000);
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
INSERT INTO roster VALUES(1,'aunt@far.example','Aunt','FamilyFar',3,0,0,1,NULL);
CREATE TABLE roster_version (
  account INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
  version INTEGER NOT NULL
);
INSERT INTO roster_version VALUES(1,2);
CREATE TABLE scram_keys (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  hash INTEGER NOT NULL,
  salt BLOB NOT NULL,
  iterations INTEGER NOT NULL,
  stored_key BLOB NOT NULL,
  server_key BLOB NOT NULL,
  PRIMARY KEY (account, hash)
) WITHOUT ROWID;
INSERT INTO scram_keys VALUES(1,1,X'01',10000,X'02',X'03');
INSERT INTO scram_keys VALUES(1,2,X'02',10000,X'03',X'04');
CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  resource TEXT NOT NULL
);
INSERT INTO session VALUES(1,X'01020304',1,'phone');
CREATE TABLE session_inbound (
  session INTEGER PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  inbound INTEGER NOT NULL,
  touched INTEGER NOT NULL
);
INSERT INTO session_inbound VALUES(1,5,1772366400000000);
CREATE TABLE upload (
  id INTEGER PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  purpose INTEGER NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER
);
INSERT INTO upload VALUES(1772366400000000,'AAAAAAAAAAAAAAAAAAAAAAAA',1,'tree.jpg','image/jpeg',23456,1,1772366400000000,NULL);
CREATE TABLE pubsub_node (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER REFERENCES account ON DELETE CASCADE,
  name TEXT NOT NULL,
  created INTEGER NOT NULL,
  creator TEXT NOT NULL,
  access INTEGER NOT NULL,
  publish INTEGER NOT NULL,
  send_last INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  max_items INTEGER NOT NULL,
  max_payload INTEGER NOT NULL,
  title TEXT,
  description TEXT,
  type TEXT,
  groups TEXT,
  UNIQUE (account, name)
);
INSERT INTO pubsub_node VALUES(1,1,'urn:xmpp:bookmarks:1',1772366400000000,'anna@home.example',4,0,0,71,2147483647,131072,'Rooms',NULL,'urn:xmpp:bookmarks:1','FamilyFar');
INSERT INTO pubsub_node VALUES(2,NULL,'blog',1772366400000000,'anna@home.example',0,0,2,71,10,131072,NULL,NULL,NULL,NULL);
CREATE TABLE pubsub_item (
  id INTEGER PRIMARY KEY,
  node INTEGER NOT NULL REFERENCES pubsub_node ON DELETE CASCADE,
  name TEXT NOT NULL,
  publisher TEXT NOT NULL,
  time INTEGER NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (node, name)
);
INSERT INTO pubsub_item VALUES(1,1,'room@groups.home.example','anna@home.example/phone',1772366400000000,X'3c636f6e666572656e636520786d6c6e733d2275726e3a786d70703a626f6f6b6d61726b733a31222f3e');
CREATE TABLE pubsub_affiliation (
  node INTEGER NOT NULL REFERENCES pubsub_node ON DELETE CASCADE,
  jid TEXT NOT NULL,
  affiliation INTEGER NOT NULL,
  PRIMARY KEY (node, jid)
) WITHOUT ROWID;
INSERT INTO pubsub_affiliation VALUES(2,'anna@home.example',1);
CREATE TABLE pubsub_subscription (
  node INTEGER NOT NULL REFERENCES pubsub_node ON DELETE CASCADE,
  jid TEXT NOT NULL,
  bare TEXT NOT NULL,
  state INTEGER NOT NULL,
  PRIMARY KEY (node, jid)
) WITHOUT ROWID;
INSERT INTO pubsub_subscription VALUES(2,'ben@home.example/tablet','ben@home.example',2);
CREATE TABLE push (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  device INTEGER NOT NULL REFERENCES device ON DELETE CASCADE,
  service TEXT NOT NULL,
  node TEXT NOT NULL,
  options BLOB NOT NULL,
  UNIQUE (account, service, node)
);
INSERT INTO push VALUES(1,1,1,'push.far.example','node',X'3c782f3e');
CREATE TABLE web_push (
  device INTEGER PRIMARY KEY REFERENCES device ON DELETE CASCADE,
  node TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  key TEXT NOT NULL,
  auth TEXT NOT NULL
);
INSERT INTO web_push VALUES(1,'node','https://push.far.example/1','BGtleQ','YXV0aA');
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
INSERT INTO room VALUES(1,'family',1,1772366400000000,'Family','','en',161,0,0,0,20,NULL,'Dinner','Anna',1772366400000000,NULL);
CREATE TABLE room_affiliation (
  room INTEGER NOT NULL REFERENCES room ON DELETE CASCADE,
  jid TEXT NOT NULL,
  affiliation INTEGER NOT NULL,
  nick TEXT,
  reason TEXT,
  PRIMARY KEY (room, jid)
) WITHOUT ROWID;
INSERT INTO room_affiliation VALUES(1,'aunt@far.example',2,'Aunt',NULL);
CREATE TABLE room_card (
  room INTEGER PRIMARY KEY REFERENCES room ON DELETE CASCADE,
  card BLOB NOT NULL
);
INSERT INTO room_card VALUES(1,X'01');
CREATE TABLE room_bookmark (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  room INTEGER NOT NULL REFERENCES room ON DELETE CASCADE,
  PRIMARY KEY (account, room)
) WITHOUT ROWID;
INSERT INTO room_bookmark VALUES(1,1);
CREATE TABLE approval_request (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  jid TEXT NOT NULL,
  kind INTEGER NOT NULL,
  time INTEGER NOT NULL,
  refused INTEGER,
  UNIQUE (account, jid)
);
INSERT INTO approval_request VALUES(1,2,'friend@far.example',1,1772366400000000,NULL);
CREATE TABLE quiet_span (
  account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
  day INTEGER NOT NULL,
  from_minute INTEGER NOT NULL,
  to_minute INTEGER NOT NULL,
  PRIMARY KEY (account, day, from_minute, to_minute)
) WITHOUT ROWID;
INSERT INTO quiet_span VALUES(2,1,1260,420);
CREATE TABLE server_queue (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  from_domain TEXT NOT NULL,
  to_domain TEXT NOT NULL,
  time INTEGER NOT NULL,
  stanza BLOB NOT NULL
);
INSERT INTO server_queue VALUES(1,'home.example','far.example',1772366400000000,X'3c6d6573736167652f3e');
CREATE TABLE known_server (
  domain TEXT NOT NULL PRIMARY KEY,
  seen INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO known_server VALUES('far.example',1772366400000000);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('account',2);
INSERT INTO sqlite_sequence VALUES('device',1);
INSERT INTO sqlite_sequence VALUES('circle',1);
INSERT INTO sqlite_sequence VALUES('approval_request',1);
INSERT INTO sqlite_sequence VALUES('pubsub_node',2);
INSERT INTO sqlite_sequence VALUES('push',1);
INSERT INTO sqlite_sequence VALUES('room',1);
INSERT INTO sqlite_sequence VALUES('server_queue',1);
CREATE INDEX report_reporter ON report (reporter);
CREATE INDEX circle_member_account ON circle_member (account);
CREATE INDEX guardian_guardian ON guardian (guardian);
CREATE INDEX archive_hidden ON archive (account, id) WHERE flags & 4 <> 0;
CREATE INDEX session_account ON session (account);
CREATE INDEX upload_account ON upload (account, size);
CREATE INDEX upload_expires ON upload (expires) WHERE expires IS NOT NULL;
CREATE UNIQUE INDEX pubsub_node_service ON pubsub_node (name) WHERE account IS NULL;
CREATE INDEX pubsub_item_order ON pubsub_item (node, id);
CREATE INDEX pubsub_affiliation_jid ON pubsub_affiliation (jid);
CREATE INDEX pubsub_subscription_bare ON pubsub_subscription (bare);
CREATE INDEX push_device ON push (device);
CREATE INDEX room_affiliation_jid ON room_affiliation (jid);
CREATE INDEX room_bookmark_room ON room_bookmark (room);
CREATE INDEX archive_waits ON archive (account, id) WHERE flags & 8 <> 0;
CREATE INDEX server_queue_pair ON server_queue (from_domain, to_domain, id);
COMMIT;
