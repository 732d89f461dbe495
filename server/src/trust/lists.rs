//! Which list of revoked certificates is the one now: a new one as soon as something was revoked, or the last one is half an hour old (the
//! root's: a month). Complete and delta list of one number say the same (RFC 5280 5.2.4).

use super::{Trust, revoked};
use crate::failure::Failure;
use crate::store::Transaction;
use crate::store::crls::{self, StoredCrl};
use crate::store::{Stored, credentials};
use thrivosign::Time;

const ISSUING: &str = "issuing";
const ROOT: &str = "root";
const RENEWED: i64 = 1800;
const ROOT_RENEWED: i64 = 30 * 86_400;
/// What a delta list goes on from is so old: who has a complete list that is younger needs the delta alone.
const BASE_AGE: i64 = 86_400;

/// A list to be given out.
pub(crate) struct Published {
    pub(crate) der: Vec<u8>,
    pub(crate) number: u32,
    pub(crate) this_update: Time,
}

impl Trust {
    /// The issuing CA's list, complete or delta.
    pub(crate) fn issuing_list(&self, delta: bool) -> Result<Published, Failure> {
        let list = self.store.transact(|tx| self.newest(tx))?;
        let der = if delta { list.delta } else { list.complete };
        Ok(Published { der, number: list.number, this_update: list.this_update })
    }

    /// The root's list.
    pub(crate) fn root_list(&self) -> Result<Published, Failure> {
        let now = self.now();
        let list = self.store.transact(|tx| {
            if let Some(list) = crls::newest(tx, ROOT)?.filter(|list| is_young(list, now, ROOT_RENEWED)) {
                return Ok(list);
            }
            let number = crls::draw_number(tx)?;
            let complete = self.authority.root_list(number, now)?;
            let list = StoredCrl { number, seen: 0, this_update: now, complete, delta: Vec::new() };
            crls::keep(tx, ROOT, &list)?;
            Ok::<_, Failure>(list)
        })?;
        Ok(Published { der: list.complete, number: list.number, this_update: list.this_update })
    }

    fn newest(&self, tx: &Transaction<'_>) -> Stored<StoredCrl> {
        let now = self.now();
        let seen = credentials::last_revocation(tx)?;
        if let Some(list) = crls::newest(tx, ISSUING)?.filter(|list| list.seen == seen && is_young(list, now, RENEWED)) {
            return Ok(list);
        }
        let authority = &self.authority;
        let entries = |after| credentials::revocations_after(tx, after)?.iter().map(revoked).collect::<Result<Vec<_>, Failure>>();
        let number = crls::draw_number(tx)?;
        let complete = authority.list(number, None, &entries(0)?, now)?;
        let (base, known) = crls::base(tx, ISSUING, now.plus(-BASE_AGE))?.map_or((number, seen), |base| (base.number, base.seen));
        let delta = authority.list(number, Some(base), &entries(known)?, now)?;
        let list = StoredCrl { number, seen, this_update: now, complete, delta };
        crls::keep(tx, ISSUING, &list)?;
        Ok(list)
    }
}

/// A list from the future, as a clock that was set back leaves behind, is no list that a verifier takes.
fn is_young(list: &StoredCrl, now: Time, seconds: i64) -> bool {
    list.this_update <= now && now < list.this_update.plus(seconds)
}
