//! What the clients saw, held against what the journal says. It knows nothing of jars or of the model.

use std::collections::BTreeMap;

use kernel::{ActorId, CommandId, StreamId, Timestamp};

/// A row of the journal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub position: u64,
    pub stream: StreamId,
    pub version: u64,
    pub event_type: String,
    pub command: CommandId,
    pub actor: ActorId,
    pub at: Timestamp,
}

/// An answer that reached its client.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    Done {
        position: u64,
        repeated: bool,
    },
    /// By a rule, a right, a version: not because of a fault, after which nobody knows.
    Refused,
}

/// A command reached the platform, and perhaps its answer the client.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub command: CommandId,
    pub heard: Option<Heard>,
}

#[derive(Default)]
pub(crate) struct History {
    /// Everything ever asked, with the events it becomes when it is done.
    pub asked: BTreeMap<CommandId, usize>,
    /// In the order in which they reached the platform.
    pub deliveries: Vec<Delivery>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Finding {
    /// Its client was told that it is done; it is not there.
    Lost(CommandId),
    /// It happened more than once.
    Doubled(CommandId),
    /// Only some of its events are there.
    Halved(CommandId),
    /// Refused at last, and yet there.
    LeftBehind(CommandId),
    /// Nobody asked.
    Uninvited(CommandId),
    /// Another position than where it is, or than was told before.
    AnswerWrong(CommandId),
    PositionGap(u64),
    VersionGap(StreamId),
}

impl History {
    /// Whatever does not fit together; `done` are the commands of the table of what was done.
    pub(crate) fn examine(&self, rows: &[Row], done: &[CommandId]) -> Vec<Finding> {
        let mut findings = gaps(rows);
        let mut found: BTreeMap<CommandId, Vec<u64>> = BTreeMap::new();
        for row in rows {
            found.entry(row.command).or_default().push(row.position);
        }
        findings.extend(found.keys().filter(|c| !self.asked.contains_key(c)).map(|c| Finding::Uninvited(*c)));
        let mut heard: BTreeMap<CommandId, Vec<Option<&Heard>>> = BTreeMap::new();
        for delivery in &self.deliveries {
            heard.entry(delivery.command).or_default().push(delivery.heard.as_ref());
        }
        for (command, events) in &self.asked {
            let positions = found.get(command).map_or(&[][..], Vec::as_slice);
            let marks = done.iter().filter(|c| *c == command).count();
            let answers = heard.get(command).map_or(&[][..], Vec::as_slice);
            findings.extend(about(*command, *events, positions, marks, answers));
        }
        findings
    }
}

fn about(
    command: CommandId,
    events: usize,
    positions: &[u64],
    marks: usize,
    answers: &[Option<&Heard>],
) -> Vec<Finding> {
    let told: Vec<(u64, bool)> = answers
        .iter()
        .filter_map(|heard| match heard {
            Some(Heard::Done { position, repeated }) if events > 0 => Some((*position, *repeated)),
            _ => None,
        })
        .collect();
    let firsts = told.iter().filter(|(_, repeated)| !repeated).count();
    let scattered = positions.windows(2).any(|pair| pair[0] + 1 != pair[1]);
    let wrong_place = told.iter().any(|(at, _)| positions.last().is_some_and(|last| last != at));
    let checks = [
        (!told.is_empty() && positions.is_empty(), Finding::Lost(command)),
        (positions.len() > events || marks > 1 || firsts > 1 || scattered, Finding::Doubled(command)),
        (
            (1..events).contains(&positions.len()) || positions.is_empty() != (marks == 0),
            Finding::Halved(command),
        ),
        (
            matches!(answers.last(), Some(Some(Heard::Refused))) && !positions.is_empty(),
            Finding::LeftBehind(command),
        ),
        (wrong_place || told.windows(2).any(|pair| pair[0].0 != pair[1].0), Finding::AnswerWrong(command)),
    ];
    checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, finding)| finding).collect()
}

fn gaps(rows: &[Row]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut versions: BTreeMap<StreamId, u64> = BTreeMap::new();
    for (row, expected) in rows.iter().zip(1..) {
        if row.position != expected {
            findings.push(Finding::PositionGap(expected));
        }
        let version = versions.entry(row.stream).or_default();
        if row.version != *version + 1 {
            findings.push(Finding::VersionGap(row.stream));
        }
        *version = row.version;
    }
    findings
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn command(n: u128) -> CommandId {
        CommandId(Uuid::from_u128(n))
    }

    fn row(position: u64, version: u64, by: u128) -> Row {
        let (stream, actor) = (StreamId(Uuid::from_u128(1)), ActorId(Uuid::from_u128(2)));
        let event_type = "jar.filled".to_owned();
        Row { position, stream, version, event_type, command: command(by), actor, at: Timestamp(0) }
    }

    fn told(by: u128, position: u64, repeated: bool) -> Delivery {
        Delivery { command: command(by), heard: Some(Heard::Done { position, repeated }) }
    }

    /// Three commands of one, two and one events; the last is refused.
    fn sound() -> (History, Vec<Row>, Vec<CommandId>) {
        let asked = [(command(1), 1), (command(2), 2), (command(3), 1)].into();
        let unheard = Delivery { command: command(2), heard: None };
        let refused = Delivery { command: command(3), heard: Some(Heard::Refused) };
        let deliveries = vec![told(1, 1, false), unheard, told(2, 3, true), refused];
        (
            History { asked, deliveries },
            vec![row(1, 1, 1), row(2, 2, 2), row(3, 3, 2)],
            vec![command(1), command(2)],
        )
    }

    #[test]
    fn a_sound_history_is_silent() {
        let (history, rows, done) = sound();
        assert_eq!(history.examine(&rows, &done), []);
    }

    #[test]
    fn a_lost_acknowledgement_is_named() {
        let (history, rows, done) = sound();
        assert_eq!(history.examine(&rows[..1], &done[..1]), [Finding::Lost(command(2))]);
    }

    #[test]
    fn a_command_done_twice_is_named() {
        let (history, mut rows, done) = sound();
        rows.push(row(4, 4, 1));
        let found = history.examine(&rows, &done);
        assert_eq!(found, [Finding::Doubled(command(1)), Finding::AnswerWrong(command(1))]);
        let (mut history, rows, done) = sound();
        history.deliveries.push(told(1, 1, false));
        assert_eq!(history.examine(&rows, &done), [Finding::Doubled(command(1))]);
        let (history, rows, mut done) = sound();
        done.push(command(1));
        assert_eq!(history.examine(&rows, &done), [Finding::Doubled(command(1))]);
    }

    #[test]
    fn what_was_refused_and_what_nobody_asked_are_named() {
        let (history, mut rows, mut done) = sound();
        rows.extend([row(4, 4, 3), row(5, 5, 9)]);
        done.push(command(3));
        let found = history.examine(&rows, &done);
        assert_eq!(found, [Finding::Uninvited(command(9)), Finding::LeftBehind(command(3))]);
    }

    #[test]
    fn half_a_command_a_gap_and_another_answer_are_named() {
        let (history, rows, done) = sound();
        let found = history.examine(&rows[..2], &done);
        assert_eq!(found, [Finding::Halved(command(2)), Finding::AnswerWrong(command(2))]);
        assert_eq!(history.examine(&rows, &done[..1]), [Finding::Halved(command(2))]);
        let mut moved = rows.clone();
        moved[2] = row(4, 4, 2);
        let found = history.examine(&moved, &done);
        assert!(
            found.contains(&Finding::PositionGap(3)) && found.contains(&Finding::VersionGap(rows[0].stream))
        );
        assert!(found.contains(&Finding::AnswerWrong(command(2))), "{found:?}");
    }
}
