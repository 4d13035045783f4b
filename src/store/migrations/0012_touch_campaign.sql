-- What users came through tells the campaign too: utm_campaign of the event, '' where it has none. First touches name these
-- ids and are made anew from the events after the last step.
CREATE TABLE touch_by_campaign (
  id INTEGER PRIMARY KEY,
  channel INTEGER NOT NULL,
  medium TEXT NOT NULL,
  campaign TEXT NOT NULL DEFAULT '',
  UNIQUE (channel, medium, campaign)
) STRICT;
INSERT INTO touch_by_campaign (id, channel, medium) SELECT id, channel, medium FROM touch;
DROP TABLE touch;
ALTER TABLE touch_by_campaign RENAME TO touch;
