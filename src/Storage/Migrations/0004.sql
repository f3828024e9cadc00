-- Version 4. Nodes of accounts and of the domain's own pubsub service, and the OMEMO ids of devices.

-- An account's nodes; those of the service have none.
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
CREATE UNIQUE INDEX pubsub_node_service ON pubsub_node (name) WHERE account IS NULL;

-- In the order of publication: what is published again gets a new id.
CREATE TABLE pubsub_item (
  id INTEGER PRIMARY KEY,
  node INTEGER NOT NULL REFERENCES pubsub_node ON DELETE CASCADE,
  name TEXT NOT NULL,
  publisher TEXT NOT NULL,
  time INTEGER NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (node, name)
);
CREATE INDEX pubsub_item_order ON pubsub_item (node, id);

CREATE TABLE pubsub_affiliation (
  node INTEGER NOT NULL REFERENCES pubsub_node ON DELETE CASCADE,
  jid TEXT NOT NULL,
  affiliation INTEGER NOT NULL,
  PRIMARY KEY (node, jid)
) WITHOUT ROWID;
CREATE INDEX pubsub_affiliation_jid ON pubsub_affiliation (jid);

CREATE TABLE pubsub_subscription (
  node INTEGER NOT NULL REFERENCES pubsub_node ON DELETE CASCADE,
  jid TEXT NOT NULL,
  bare TEXT NOT NULL,
  state INTEGER NOT NULL,
  PRIMARY KEY (node, jid)
) WITHOUT ROWID;
CREATE INDEX pubsub_subscription_bare ON pubsub_subscription (bare);

-- Learned from who publishes the bundle (XEP-0384): the id in the namespace of before and in that of now.
ALTER TABLE device ADD COLUMN omemo_axolotl INTEGER;
ALTER TABLE device ADD COLUMN omemo INTEGER;
