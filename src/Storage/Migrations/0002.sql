-- Version 2. An invite may give the name of its account, or make a contact only.

ALTER TABLE invite ADD COLUMN name TEXT;
ALTER TABLE invite ADD COLUMN contact_only INTEGER NOT NULL DEFAULT 0;
