-- Headline numbers as they were last counted, so that a start shows them before it has read what they are made of. They
-- hold for one question over one state of the file; over any other they are counted anew.
CREATE TABLE headline (question TEXT PRIMARY KEY, state TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
