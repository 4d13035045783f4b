-- Which kinds there are is known to the program alone: a column's CHECK cannot be widened.
ALTER TABLE source ADD COLUMN records INTEGER NOT NULL DEFAULT 0;
UPDATE source SET records = kind;
ALTER TABLE source DROP COLUMN kind;
ALTER TABLE source RENAME COLUMN records TO kind;

-- Rows with a key, kept like spend: state 0 in the numbers, 1 replaced by a later import, 2 taken back with its import.
-- value is in millionths.
CREATE TABLE fact (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch (id),
  source INTEGER NOT NULL REFERENCES source (id),
  key BLOB NOT NULL,
  content BLOB NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  day INTEGER NOT NULL,
  metric TEXT NOT NULL,
  value INTEGER NOT NULL,
  channel INTEGER
) STRICT;
CREATE UNIQUE INDEX fact_live ON fact (source, key) WHERE state = 0;
CREATE INDEX fact_replaced ON fact (source, key) WHERE state = 1;
CREATE INDEX fact_batch ON fact (batch);

-- rate is exact decimal text: units of target for one of base.
CREATE TABLE rate (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch (id),
  source INTEGER NOT NULL REFERENCES source (id),
  key BLOB NOT NULL,
  content BLOB NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  day INTEGER NOT NULL,
  base TEXT NOT NULL CHECK (length(base) = 3),
  target TEXT NOT NULL CHECK (length(target) = 3),
  rate TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX rate_live ON rate (source, key) WHERE state = 0;
CREATE INDEX rate_replaced ON rate (source, key) WHERE state = 1;
CREATE INDEX rate_batch ON rate (batch);

CREATE TABLE content_item (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch (id),
  source INTEGER NOT NULL REFERENCES source (id),
  key BLOB NOT NULL,
  content BLOB NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  item TEXT NOT NULL,
  title TEXT,
  kind TEXT,
  author TEXT,
  planned INTEGER,
  published INTEGER,
  status TEXT
) STRICT;
CREATE UNIQUE INDEX content_item_live ON content_item (source, key) WHERE state = 0;
CREATE INDEX content_item_replaced ON content_item (source, key) WHERE state = 1;
CREATE INDEX content_item_batch ON content_item (batch);

CREATE TABLE deal (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch (id),
  source INTEGER NOT NULL REFERENCES source (id),
  key BLOB NOT NULL,
  content BLOB NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  deal TEXT NOT NULL,
  partner TEXT,
  kind TEXT,
  stage TEXT NOT NULL,
  amount INTEGER,
  currency TEXT CHECK (length(currency) = 3),
  due INTEGER,
  received INTEGER
) STRICT;
CREATE UNIQUE INDEX deal_live ON deal (source, key) WHERE state = 0;
CREATE INDEX deal_replaced ON deal (source, key) WHERE state = 1;
CREATE INDEX deal_batch ON deal (batch);

-- Both columns are users; rows of either keep the id they came with.
CREATE TABLE link (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch (id),
  source INTEGER NOT NULL REFERENCES source (id),
  key BLOB NOT NULL,
  content BLOB NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  alias INTEGER NOT NULL,
  user INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX link_live ON link (source, key) WHERE state = 0;
CREATE INDEX link_replaced ON link (source, key) WHERE state = 1;
CREATE INDEX link_batch ON link (batch);

CREATE VIEW v_fact AS
  SELECT x.day AS day, x.metric AS metric, x.value AS value_millionths, c.text AS channel, x.batch AS batch
  FROM fact x LEFT JOIN term c ON c.kind = 1 AND c.id = x.channel WHERE x.state = 0;

CREATE VIEW v_rate AS
  SELECT day, base, target, rate, batch FROM rate WHERE state = 0;

CREATE VIEW v_content_item AS
  SELECT item, title, kind, author, planned, published, status, batch FROM content_item WHERE state = 0;

CREATE VIEW v_deal AS
  SELECT deal, partner, kind, stage, amount AS amount_micros, currency, due, received, batch FROM deal WHERE state = 0;

CREATE VIEW v_link AS
  SELECT a.name AS alias, u.name AS user, x.batch AS batch
  FROM link x JOIN user a ON a.id = x.alias JOIN user u ON u.id = x.user WHERE x.state = 0;
