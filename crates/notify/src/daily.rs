//! The daily message: counts of each unit's scope, at the hour its channel asked for, on working days.

use kernel::{Problem, StreamId, Timestamp, limits};
use storage::{Tx, params};

use crate::{
    ChannelState, Notifier, NotifierParts, Topic,
    channel::working_channels,
    outbox::{self, Waiting},
};

impl Notifier {
    /// Puts the daily messages that fall due into the outbox; says how many.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn daily(&self, now: Timestamp) -> Result<usize, Problem> {
        if !(self.parts.working_day)(now.local_date()) {
            return Ok(0);
        }
        let waiting = self.read(move |parts, tx| due(parts, tx, now)).await?;
        let count = waiting.len();
        if count > 0 {
            self.write(move |tx| waiting.iter().try_for_each(|tiding| tiding.put(tx, now))).await?;
        }
        Ok(count)
    }
}

/// What every room counts, for every channel whose hour has come.
fn due(parts: &NotifierParts, tx: &mut Tx, now: Timestamp) -> Result<Vec<Waiting>, Problem> {
    let today = now.local_date();
    let mut waiting = Vec::new();
    if restored_on(tx, parts.handle.identity().epoch)? == Some(today) {
        // Before the restore it may have been sent already.
        return Ok(waiting);
    }
    for (channel, state) in working_channels(tx)? {
        if !is_hour(&state, now) {
            continue;
        }
        for source in &parts.sources {
            let mark = format!("daily:{today}:{}", source.kind());
            if outbox::known(tx, channel, &mark)? {
                continue;
            }
            if let Some(line) = source.daily(tx, state.unit, now)? {
                waiting.push(tiding(parts, channel, mark, line, now));
            }
        }
    }
    Ok(waiting)
}

fn tiding(
    parts: &NotifierParts,
    channel: StreamId,
    mark: String,
    line: crate::Line,
    now: Timestamp,
) -> Waiting {
    Waiting {
        id: parts.ids.uuid(now),
        channel,
        mark,
        epoch: parts.handle.identity().epoch,
        position: 0,
        topic: Topic::Daily,
        happened_at: now,
        line,
        tries: 0,
    }
}

/// True from the hour on, for as long as it may come late; a channel added later than that waits for tomorrow.
fn is_hour(channel: &ChannelState, now: Timestamp) -> bool {
    let hour = now.local().hour();
    let begins =
        Timestamp::at_start_of(now.local_date()).plus_ms(i64::from(channel.daily_hour) * Timestamp::HOUR_MS);
    channel.takes(Topic::Daily)
        && channel.since <= begins
        && hour >= channel.daily_hour
        && hour < channel.daily_hour.saturating_add(limits::DAILY_LATE_HOURS)
}

/// The day on which this epoch was opened by a restore.
fn restored_on(tx: &mut Tx, epoch: u32) -> Result<Option<kernel::Date>, Problem> {
    let sql = "SELECT opened_at FROM platform_epoch WHERE epoch = ?1";
    Ok(tx.first(sql, params![epoch], |row| row.time(0))?.map(Timestamp::local_date))
}
