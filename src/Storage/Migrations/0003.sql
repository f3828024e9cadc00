-- Version 3. Uploaded files (XEP-0363). The id is the place in the order of arrival: microseconds, but larger than the last.

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
CREATE INDEX upload_account ON upload (account, size);
CREATE INDEX upload_expires ON upload (expires) WHERE expires IS NOT NULL;
