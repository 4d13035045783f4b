//! Every row of a kind as texts, for export.

use std::io;

use super::{Store, StoreError};
use crate::domain::calendar::{Day, Instant};
use crate::domain::money::exact;
use crate::domain::records::Kind;

type Each<'a> = &'a mut dyn FnMut(&[Option<String>]) -> io::Result<()>;

impl Store {
    /// Gives every row in the numbers to `each`, cells in the order of the import titles.
    ///
    /// # Errors
    /// When the file cannot be read; an error of `each` ends the export and is returned inside.
    pub fn export(&self, kind: Kind, each: Each<'_>) -> Result<io::Result<()>, StoreError> {
        let sql = match kind {
            Kind::Events => "SELECT user, at_micros, event, channel, platform, props FROM v_event",
            Kind::Revenue => {
                "SELECT order_id, user, at_micros, stream, amount_micros, currency, refund_of FROM v_revenue"
            }
            Kind::Spend => "SELECT day, channel, campaign, amount_micros, currency, impressions, clicks FROM v_spend",
        };
        let mut statement = self.conn.prepare(sql)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut cells = Vec::with_capacity(names.len());
            for (at, name) in names.iter().enumerate() {
                cells.push(match name.as_str() {
                    "at_micros" => Some(Instant(row.get(at)?).to_string()),
                    "amount_micros" => Some(exact(row.get::<_, i64>(at)?.into())),
                    "day" => Some(Day(row.get(at)?).to_string()),
                    "impressions" | "clicks" => row.get::<_, Option<i64>>(at)?.map(|n| n.to_string()),
                    _ => row.get(at)?,
                });
            }
            if let Err(error) = each(&cells) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }
}
