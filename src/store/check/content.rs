//! One number for all that a workspace says, so that two of them can be told to be the same.

use super::Finding;
use crate::domain::records::Kind;
use crate::store::firsts::Firsts;
use crate::store::hash::RowHash;
use crate::store::rows::kind_code;
use crate::store::spelling::Spelling;
use crate::store::tables::{SAYS, versioned};
use crate::store::touches::Touches;
use crate::store::versions::wide;
use crate::store::{Store, StoreError, TermKind, rollup};

/// A sum of hashes, in which the order makes no difference.
#[derive(Default)]
struct Sum {
    hash: RowHash,
    whole: u128,
}

impl Sum {
    fn add(&mut self, say: impl FnOnce(&mut RowHash)) {
        self.hash.clear();
        say(&mut self.hash);
        self.whole = self.whole.wrapping_add(self.hash.digest());
    }
}

impl Store {
    /// A digest of the rows in the numbers, of the rollups and of the first touches, by texts: it is the same whatever the
    /// files and the order in which the rows came. Rejected and conflicting rows are left out.
    pub(super) fn content(&self) -> Result<Finding, StoreError> {
        let mut sum = Sum::default();
        self.add_rows(&mut sum)?;
        let spelling = Spelling::read(&self.conn)?;
        self.add_rollups(&mut sum, &spelling)?;
        self.add_touches(&mut sum, &spelling)?;
        Ok((true, format!("{:032x}, the same for the same rows however they came", sum.whole)))
    }

    fn add_rows(&self, sum: &mut Sum) -> Result<(), StoreError> {
        let sql = "SELECT b.digest FROM batch b JOIN source s ON s.id = b.source WHERE b.state < 2 AND s.kind = ?1";
        let mut statement = self.conn.prepare(sql)?;
        let mut found = statement.query([kind_code(Kind::Events)])?;
        while let Some(row) = found.next()? {
            // The sum of the hashes of its events, which another check proves.
            sum.whole = sum.whole.wrapping_add(wide(row.get_ref(0)?.as_blob().unwrap_or_default()));
        }
        for table in versioned() {
            let sql = format!(
                "SELECT s.name, x.key, x.content FROM {table} x JOIN source s ON s.id = x.source
                 WHERE x.state = 0 AND {SAYS}"
            );
            let mut statement = self.conn.prepare(&sql)?;
            let mut found = statement.query([])?;
            while let Some(row) = found.next()? {
                let (source, key, content) = (row.get_ref(0)?, row.get_ref(1)?, row.get_ref(2)?);
                sum.add(|hash| {
                    hash.text(Some(table)).text(source.as_str().ok());
                    hash.bytes(key.as_blob().unwrap_or_default()).bytes(content.as_blob().unwrap_or_default());
                });
            }
        }
        Ok(())
    }

    fn add_rollups(&self, sum: &mut Sum, spelling: &Spelling) -> Result<(), StoreError> {
        for day in rollup::days(&self.conn)? {
            let rollup = rollup::stored(&self.conn, day)?;
            for ((kind, key), users) in &rollup.sets {
                let key = match kind {
                    1 => spelling.platform(*key),
                    2 => spelling.name(*key),
                    _ => "",
                };
                for user in users {
                    sum.add(|hash| {
                        hash.number(day.into()).number(*kind).text(Some(key)).text(Some(spelling.user(*user)));
                    });
                }
            }
            for (name, count) in &rollup.counts {
                sum.add(|hash| {
                    hash.number(day.into()).text(Some(spelling.name(*name))).number(*count as i64);
                });
            }
        }
        Ok(())
    }

    fn add_touches(&self, sum: &mut Sum, spelling: &Spelling) -> Result<(), StoreError> {
        let (channels, all) = (self.terms(TermKind::Channel)?, self.touches()?);
        let firsts = Firsts::read(&self.conn, &Touches::all(&self.conn)?)?;
        for user in 0..firsts.len() {
            let Some((at, touch)) = firsts.get(user) else { continue };
            let touch = all.get(touch as usize);
            let channel = touch.and_then(|touch| channels.get(touch.channel as usize)).map(String::as_str);
            sum.add(|hash| {
                hash.text(Some(spelling.user(user as u32))).number(at).text(channel);
                hash.text(touch.map(|touch| touch.medium.as_str()));
                hash.text(touch.map(|touch| touch.campaign.as_str()));
            });
        }
        Ok(())
    }
}
