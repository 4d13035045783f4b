DROP VIEW v_event;
DROP TABLE event;
DROP TABLE event_undone;
DROP TABLE identity;

-- A unique index over names would be written all over by every import; the program keeps them apart.
CREATE TABLE user_by_id (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
INSERT INTO user_by_id SELECT id, name FROM user;
DROP VIEW v_revenue;
DROP VIEW v_link;
DROP TABLE user;
ALTER TABLE user_by_id RENAME TO user;

CREATE VIEW v_revenue AS
  SELECT r.at AS at_micros, r.order_id AS order_id, u.name AS user, s.text AS stream, r.amount AS amount_micros,
    r.currency AS currency, r.refund_of AS refund_of, r.batch AS batch
  FROM revenue r LEFT JOIN user u ON u.id = r.user LEFT JOIN term s ON s.kind = 3 AND s.id = r.stream
  WHERE r.state = 0;

CREATE VIEW v_link AS
  SELECT a.name AS alias, u.name AS user, x.batch AS batch
  FROM link x JOIN user a ON a.id = x.alias JOIN user u ON u.id = x.user WHERE x.state = 0;

-- For other programs, which need SQLite 3.42 or newer for numbers in hexadecimal. 0x0 stands for a column of no bytes.
CREATE VIEW v_event_ids AS
  WITH RECURSIVE place (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM place WHERE k < 16383)
  SELECT (b.id >> 32) * 86400000000
      + (('0x0' || hex(substr(b.t, 1 + k * (length(b.t) / n), length(b.t) / n))) ->> '$') * b.tick AS at_micros,
    ('0x0' || hex(substr(b.user, 1 + k * (length(b.user) / n), length(b.user) / n))) ->> '$' AS user,
    ('0x0' || hex(substr(b.name, 1 + k * (length(b.name) / n), length(b.name) / n))) ->> '$' AS name,
    ('0x0' || hex(substr(b.channel, 1 + k * (length(b.channel) / n), length(b.channel) / n))) ->> '$' AS channel,
    ('0x0' || hex(substr(b.platform, 1 + k * (length(b.platform) / n), length(b.platform) / n))) ->> '$' AS platform,
    ('0x0' || hex(substr(b.prop, 1 + k * (length(b.prop) / n), length(b.prop) / n))) ->> '$' AS prop,
    b.id AS block, k AS place, b.batch AS batch
  FROM event_block b JOIN place ON k < b.n
  WHERE b.batch NOT IN (SELECT id FROM batch WHERE state = 2);

CREATE VIEW v_event AS
  SELECT e.at_micros AS at_micros, u.name AS user, n.text AS event, c.text AS channel, p.text AS platform,
    (SELECT CAST(substr(b.texts, 1 + from_byte, to_byte - from_byte) AS TEXT) FROM (SELECT b.texts AS texts,
        ('0x0' || hex(substr(b.ends, 4 * e.prop - 7, CASE WHEN e.prop > 1 THEN 4 ELSE 0 END))) ->> '$' AS from_byte,
        ('0x0' || hex(substr(b.ends, 4 * e.prop - 3, 4))) ->> '$' AS to_byte
      FROM event_block b WHERE b.id = e.block AND e.prop > 0) AS b) AS props,
    e.batch AS batch
  FROM v_event_ids e JOIN term n ON n.kind = 0 AND n.id = e.name LEFT JOIN user u ON u.id = e.user - 1
    LEFT JOIN term c ON c.kind = 1 AND c.id = e.channel - 1 LEFT JOIN term p ON p.kind = 2 AND p.id = e.platform - 1;
