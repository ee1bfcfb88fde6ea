//! How far the log of events is complete. An event takes its number before its transaction is committed, so one with a lower
//! number may become visible later than one with a higher. Readers go only as far as nothing older is still under way.

use std::collections::VecDeque;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};
use tokio::sync::Mutex;

/// The most looks that wait for their transactions to end; of more, those between the first and the last are left out.
const MOST_LOOKS: usize = 64;

/// The last number that can be seen.
const LAST: &str = "SELECT coalesce(max(sequence), 0) AS number FROM audit_events";

/// The oldest transaction of this database that is under way, and the number after the newest (one that no transaction before
/// has, where none is). Other databases of the server count their transactions with ours, and may have one open for hours; so
/// it asks for locks: each transaction that has a number holds one on it until what it did can be seen. Those numbers have 32
/// bits, and are made whole by their distance from one that is.
const UNDER_WAY: &str = "
    WITH completed AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS after),
    held AS (
        SELECT after + (transactionid::text::bigint - after % 4294967296 + 6442450944) % 4294967296 - 2147483648 AS number
        FROM completed, pg_locks LEFT JOIN pg_stat_activity AS theirs USING (pid)
        WHERE locktype = 'transactionid' AND granted AND mode = 'ExclusiveLock'
            AND (theirs.datname = current_database() OR theirs.datname IS NULL)
    )
    SELECT coalesce(min(number), max(after)) AS oldest, coalesce(max(number) + 1, max(after)) AS next
    FROM completed LEFT JOIN held ON true";

/// What is known of how far the log is complete.
#[derive(Default)]
pub(super) struct Settled(Mutex<Known>);

#[derive(Default)]
struct Known {
    through: i64,
    /// Numbers that were given by then, and the number after that of the newest transaction that was under way: once all before
    /// it have ended, so have all that took one of these numbers.
    looks: VecDeque<(i64, i64)>,
}

impl Settled {
    /// The number up to which every event that will ever be there is there. One after the other: what one look finds is judged
    /// before the next begins.
    pub(super) async fn through(&self, db: &DatabaseConnection) -> Result<i64, DbErr> {
        let mut known = self.0.lock().await;
        if db.get_database_backend() != DbBackend::Postgres {
            // One transaction writes at a time, so numbers become visible in their order.
            return ask(db, LAST).await?.try_get("", "number");
        }
        // First the numbers, then the transactions: whoever took a lower number than one that is seen had begun before.
        let given: i64 = ask(db, LAST).await?.try_get("", "number")?;
        let under_way = ask(db, UNDER_WAY).await?;
        let (oldest, next) = (under_way.try_get("", "oldest")?, under_way.try_get("", "next")?);
        Ok(known.look(given, oldest, next))
    }
}

impl Known {
    /// Numbers up to `given` were taken; then the oldest transaction under way was `oldest`, and the newest the one before `next`.
    fn look(&mut self, given: i64, oldest: i64, next: i64) -> i64 {
        if self.looks.len() >= MOST_LOOKS {
            self.looks.truncate(1);
        }
        self.looks.push_back((given, next));
        while let Some((number, _)) = self.looks.front().copied().filter(|(_, next)| *next <= oldest) {
            self.through = self.through.max(number);
            self.looks.pop_front();
        }
        self.through
    }
}

async fn ask(db: &DatabaseConnection, question: &str) -> Result<QueryResult, DbErr> {
    let question = Statement::from_string(db.get_database_backend(), question);
    let answer = db.query_one_raw(question).await?;
    answer.ok_or_else(|| DbErr::RecordNotFound("how far the log is complete".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_once_all_that_were_under_way_then_have_ended() {
        let mut known = Known::default();
        assert_eq!(known.look(10, 100, 100), 10, "nothing is under way");
        assert_eq!(known.look(12, 100, 103), 10, "100 is, and may have taken 11");
        assert_eq!(known.look(15, 100, 107), 10);
        assert_eq!(
            known.look(15, 103, 107),
            12,
            "all that had begun before 103 are over"
        );
        assert_eq!(known.look(15, 107, 107), 15);
    }

    #[test]
    fn what_is_remembered_is_bounded_however_long_a_transaction_lasts() {
        let mut known = Known::default();
        for step in 0..1_000 {
            assert_eq!(known.look(step, 7, 8 + step), 0);
        }
        assert!(known.looks.len() <= MOST_LOOKS, "{}", known.looks.len());
        assert_eq!(known.look(1_000, 2_000, 2_000), 1_000);
    }
}
