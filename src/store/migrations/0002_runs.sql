-- What an import says of itself can be proved: time of its oldest row, exact sum of its amounts, and a hash over the
-- whole line. seal is NULL for imports of schema 1. writer is the process that is writing it, NULL when none is.
-- cut: it ended without its end, by a kill or an undo in the middle.
ALTER TABLE batch ADD COLUMN oldest INTEGER;
ALTER TABLE batch ADD COLUMN amount BLOB NOT NULL DEFAULT x'00000000000000000000000000000000';
ALTER TABLE batch ADD COLUMN seal BLOB;
ALTER TABLE batch ADD COLUMN writer TEXT;
ALTER TABLE batch ADD COLUMN cut INTEGER NOT NULL DEFAULT 0 CHECK (cut IN (0, 1));

-- A mapping or zone belongs to the import that saved it; in force is that of the newest import in the numbers, so that
-- taking the import back takes its mapping back. Batch 0 stands for what schema 1 had saved.
CREATE TABLE mapping_by_batch (
  fingerprint INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  source INTEGER NOT NULL REFERENCES source (id),
  columns TEXT NOT NULL,
  PRIMARY KEY (fingerprint, batch)
) STRICT, WITHOUT ROWID;
INSERT INTO mapping_by_batch SELECT fingerprint, 0, source, columns FROM mapping;
DROP TABLE mapping;
ALTER TABLE mapping_by_batch RENAME TO mapping;

CREATE TABLE source_zone (
  source INTEGER NOT NULL REFERENCES source (id),
  batch INTEGER NOT NULL,
  zone TEXT NOT NULL,
  PRIMARY KEY (source, batch)
) STRICT, WITHOUT ROWID;
INSERT INTO source_zone SELECT id, 0, zone FROM source WHERE zone IS NOT NULL;
ALTER TABLE source DROP COLUMN zone;

-- Each import keeps its own rejected rows. key is equal for the same row of the same file imported again, so that totals
-- count it once.
CREATE TABLE reject_by_batch (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch (id),
  line INTEGER NOT NULL,
  code TEXT NOT NULL,
  detail TEXT NOT NULL,
  raw TEXT NOT NULL,
  key BLOB NOT NULL
) STRICT;
INSERT INTO reject_by_batch SELECT id, batch, line, code, detail, raw, key FROM reject;
DROP TABLE reject;
ALTER TABLE reject_by_batch RENAME TO reject;
CREATE INDEX reject_batch ON reject (batch);
CREATE INDEX reject_key ON reject (key);

-- Keys are looked up among live rows or among replaced ones; one index each keeps inserts to one random place.
DROP INDEX revenue_key;
CREATE INDEX revenue_replaced ON revenue (source, key) WHERE state = 1;
DROP INDEX spend_key;
CREATE INDEX spend_replaced ON spend (source, key) WHERE state = 1;
