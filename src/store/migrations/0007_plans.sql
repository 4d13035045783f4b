-- Plans and what belongs to them. Nothing cascades: an action says all that it takes away, so that all of it comes back.
CREATE TABLE strategy (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  situation TEXT NOT NULL,
  complication TEXT NOT NULL,
  hypothesis TEXT NOT NULL,
  focus TEXT NOT NULL CHECK (focus IN ('acquire', 'retain', 'revenue', 'balanced')),
  start TEXT NOT NULL,
  finish TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'closed')),
  CHECK (start <= finish)
) STRICT;

CREATE TABLE plan (
  id INTEGER PRIMARY KEY,
  strategy_id INTEGER REFERENCES strategy DEFERRABLE INITIALLY DEFERRED,
  series_id INTEGER NOT NULL,
  round INTEGER NOT NULL CHECK (round >= 1),
  prev_plan_id INTEGER REFERENCES plan DEFERRABLE INITIALLY DEFERRED,
  op_type TEXT NOT NULL
    CHECK (op_type IN ('product', 'user', 'activity', 'market', 'content', 'commercial', 'channel')),
  focus TEXT NOT NULL CHECK (focus IN ('acquire', 'retain', 'revenue', 'balanced')),
  method TEXT NOT NULL,
  title TEXT NOT NULL CHECK (title <> ''),
  owner TEXT NOT NULL,
  audience TEXT NOT NULL,
  place TEXT NOT NULL,
  mechanic TEXT NOT NULL,
  start TEXT NOT NULL,
  finish TEXT NOT NULL,
  observe_days INTEGER NOT NULL CHECK (observe_days >= 0),
  status TEXT NOT NULL CHECK (status IN ('draft', 'ready', 'running', 'paused', 'closed', 'cancelled')),
  status_reason TEXT NOT NULL,
  spend_filter TEXT NOT NULL,
  revenue_link TEXT NOT NULL CHECK (revenue_link IN ('direct', 'tree', 'hypothesis', 'none')),
  baseline_frozen_at TEXT,
  closed_snapshot TEXT,
  CHECK (start <= finish),
  UNIQUE (series_id, round)
) STRICT;

CREATE TABLE plan_phase (
  plan_id INTEGER NOT NULL REFERENCES plan DEFERRABLE INITIALLY DEFERRED,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('prepare', 'preheat', 'burst', 'tail', 'observe', 'steady')),
  start TEXT NOT NULL,
  finish TEXT NOT NULL,
  share REAL NOT NULL CHECK (share >= 0),
  CHECK (start <= finish),
  PRIMARY KEY (plan_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource (
  id INTEGER PRIMARY KEY,
  plan_id INTEGER NOT NULL REFERENCES plan DEFERRABLE INITIALLY DEFERRED,
  scope TEXT NOT NULL CHECK (scope IN ('internal', 'external')),
  kind TEXT NOT NULL CHECK (kind IN
    ('cash', 'people', 'slot', 'dev', 'design', 'coupon', 'barter', 'kol', 'media', 'venue', 'other')),
  name TEXT NOT NULL,
  provider TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('wanted', 'asked', 'granted', 'refused', 'used', 'returned')),
  planned_micros INTEGER NOT NULL CHECK (planned_micros >= 0),
  granted_micros INTEGER NOT NULL CHECK (granted_micros >= 0),
  needed_by TEXT
) STRICT;
CREATE INDEX resource_of_plan ON resource (plan_id);

-- Costs typed by hand; imported spend is bound by plan.spend_filter.
CREATE TABLE plan_cost (
  id INTEGER PRIMARY KEY,
  plan_id INTEGER NOT NULL REFERENCES plan DEFERRABLE INITIALLY DEFERRED,
  resource_id INTEGER REFERENCES resource DEFERRABLE INITIALLY DEFERRED,
  day TEXT NOT NULL,
  amount_micros INTEGER NOT NULL,
  note TEXT NOT NULL
) STRICT;
CREATE INDEX cost_of_plan ON plan_cost (plan_id);

-- sign: -1 is taken away in a sum, divides in a ratio. start, finish: of a node that is a part of the plan's period.
CREATE TABLE node (
  id INTEGER PRIMARY KEY,
  plan_id INTEGER NOT NULL REFERENCES plan DEFERRABLE INITIALLY DEFERRED,
  parent_id INTEGER REFERENCES node DEFERRABLE INITIALLY DEFERRED,
  seq INTEGER NOT NULL,
  op TEXT NOT NULL CHECK (op IN ('leaf', 'sum', 'product', 'ratio')),
  sign INTEGER NOT NULL CHECK (sign IN (-1, 1)),
  role TEXT NOT NULL CHECK (role IN ('primary', 'driver', 'guardrail', 'influence')),
  metric TEXT,
  draft INTEGER NOT NULL CHECK (draft IN (0, 1)),
  filter TEXT NOT NULL,
  start TEXT,
  finish TEXT,
  baseline REAL,
  baseline_from TEXT,
  baseline_to TEXT,
  floor REAL,
  target REAL,
  stretch REAL,
  cap REAL,
  weight REAL NOT NULL CHECK (weight >= 0),
  locked INTEGER NOT NULL CHECK (locked IN (0, 1)),
  curve TEXT NOT NULL CHECK (curve IN ('linear', 'weekday', 'phase', 'prev_round', 'glide', 'end')),
  owner TEXT NOT NULL,
  label TEXT NOT NULL,
  CHECK (op <> 'leaf' OR metric IS NOT NULL OR draft = 1),
  CHECK ((start IS NULL) = (finish IS NULL) AND (start IS NULL OR start <= finish))
) STRICT;
CREATE INDEX node_of_plan ON node (plan_id);

CREATE TABLE node_revision (
  id INTEGER PRIMARY KEY,
  node_id INTEGER NOT NULL REFERENCES node DEFERRABLE INITIALLY DEFERRED,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  field TEXT NOT NULL,
  old REAL,
  new REAL,
  reason TEXT NOT NULL CHECK (reason <> '')
) STRICT;
CREATE INDEX revision_of_node ON node_revision (node_id);

CREATE TABLE task (
  id INTEGER PRIMARY KEY,
  plan_id INTEGER REFERENCES plan DEFERRABLE INITIALLY DEFERRED,
  node_id INTEGER REFERENCES node DEFERRABLE INITIALLY DEFERRED,
  op_type TEXT NOT NULL
    CHECK (op_type IN ('product', 'user', 'activity', 'market', 'content', 'commercial', 'channel')),
  title TEXT NOT NULL CHECK (title <> ''),
  kind TEXT NOT NULL,
  anchor TEXT CHECK (anchor IN ('start', 'finish')),
  offset_days INTEGER,
  due TEXT,
  scheduled TEXT,
  wait_until TEXT,
  state TEXT NOT NULL CHECK (state IN ('todo', 'doing', 'done', 'dropped')),
  created TEXT NOT NULL,
  done_at TEXT,
  estimate_min INTEGER CHECK (estimate_min >= 0),
  actual_min INTEGER CHECK (actual_min >= 0),
  priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 2),
  owner TEXT NOT NULL,
  repeat_days INTEGER CHECK (repeat_days >= 1),
  repeat_mode TEXT CHECK (repeat_mode IN ('fixed', 'after_done', 'skip_missed')),
  missed INTEGER NOT NULL CHECK (missed >= 0),
  spawned_from INTEGER REFERENCES task DEFERRABLE INITIALLY DEFERRED,
  CHECK ((repeat_days IS NULL) = (repeat_mode IS NULL))
) STRICT;
CREATE INDEX task_of_plan ON task (plan_id);

CREATE TABLE task_dep (
  task_id INTEGER NOT NULL REFERENCES task DEFERRABLE INITIALLY DEFERRED,
  needs_id INTEGER NOT NULL REFERENCES task DEFERRABLE INITIALLY DEFERRED,
  CHECK (task_id <> needs_id),
  PRIMARY KEY (task_id, needs_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  day TEXT NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('note', 'action', 'event', 'holiday', 'incident', 'release', 'decision', 'checkin')),
  op_type TEXT,
  plan_id INTEGER REFERENCES plan DEFERRABLE INITIALLY DEFERRED,
  node_id INTEGER REFERENCES node DEFERRABLE INITIALLY DEFERRED,
  body TEXT NOT NULL,
  exclude_from_baseline INTEGER NOT NULL CHECK (exclude_from_baseline IN (0, 1))
) STRICT;
CREATE INDEX journal_by_day ON journal (day);

CREATE TABLE feedback (
  id INTEGER PRIMARY KEY,
  day TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('user', 'data', 'team', 'partner', 'channel', 'support')),
  op_type TEXT,
  plan_id INTEGER REFERENCES plan DEFERRABLE INITIALLY DEFERRED,
  node_id INTEGER REFERENCES node DEFERRABLE INITIALLY DEFERRED,
  severity INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 3),
  count INTEGER NOT NULL CHECK (count >= 1),
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('new', 'triaged', 'acted', 'wont', 'duplicate')),
  duplicate_of INTEGER REFERENCES feedback DEFERRABLE INITIALLY DEFERRED,
  acted_task_id INTEGER REFERENCES task DEFERRABLE INITIALLY DEFERRED,
  acted_plan_id INTEGER REFERENCES plan DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE competitor (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE competitor_note (
  id INTEGER PRIMARY KEY,
  competitor_id INTEGER NOT NULL REFERENCES competitor DEFERRABLE INITIALLY DEFERRED,
  day TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('campaign', 'price', 'feature', 'content', 'channel', 'rank', 'other')),
  body TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('borrow', 'watch', 'ignore')),
  plan_id INTEGER REFERENCES plan DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE review (
  id INTEGER PRIMARY KEY,
  plan_id INTEGER NOT NULL UNIQUE REFERENCES plan DEFERRABLE INITIALLY DEFERRED,
  done_at TEXT,
  goal TEXT NOT NULL,
  result TEXT NOT NULL,
  analysis TEXT NOT NULL,
  insight TEXT NOT NULL,
  verdict TEXT CHECK (verdict IN ('exceeded', 'met', 'missed', 'abandoned')),
  luck TEXT NOT NULL
) STRICT;

CREATE TABLE lesson (
  id INTEGER PRIMARY KEY,
  review_id INTEGER NOT NULL REFERENCES review DEFERRABLE INITIALLY DEFERRED,
  kiss TEXT NOT NULL CHECK (kiss IN ('keep', 'improve', 'start', 'stop')),
  body TEXT NOT NULL CHECK (body <> ''),
  op_type TEXT NOT NULL,
  method TEXT NOT NULL,
  evidence TEXT NOT NULL,
  node_id INTEGER REFERENCES node DEFERRABLE INITIALLY DEFERRED,
  confidence INTEGER NOT NULL CHECK (confidence BETWEEN 1 AND 3)
) STRICT;

CREATE TABLE lesson_use (
  lesson_id INTEGER NOT NULL REFERENCES lesson DEFERRABLE INITIALLY DEFERRED,
  plan_id INTEGER NOT NULL REFERENCES plan DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL CHECK (state IN ('offered', 'adopted', 'rejected')),
  reason TEXT NOT NULL,
  held INTEGER CHECK (held IN (0, 1)),
  PRIMARY KEY (lesson_id, plan_id)
) STRICT, WITHOUT ROWID;

-- What was done, row by row. kind: 0 done, 1 undone, 2 done again. undone_by: the action that took this one back.
CREATE TABLE op_log (
  seq INTEGER PRIMARY KEY,
  action INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind IN (0, 1, 2)),
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  label TEXT NOT NULL,
  tbl TEXT NOT NULL,
  key TEXT NOT NULL,
  before TEXT,
  after TEXT,
  undone_by INTEGER
) STRICT;
CREATE INDEX op_log_of_actor ON op_log (actor, action);
CREATE INDEX op_log_of_row ON op_log (tbl, key);
