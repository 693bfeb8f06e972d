//! The clients and the line between them and the platform: it loses, repeats and delays, both ways.

use std::collections::HashMap;

use kernel::{Actor, CommandId, StreamId};
use uuid::Uuid;

use super::{
    dice::Dice,
    history::{Delivery, Heard, History},
    model::{Answer, Asked, Part},
};
use crate::jar::*;

const CLIENTS: u128 = 5;
const JARS: usize = 6;

/// A command that reaches the platform.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub asked: Asked,
    /// Another command under an id that was used before.
    pub forged: bool,
    /// The database refuses its last statement this time.
    pub faulty: bool,
}

#[derive(Default)]
pub(crate) struct Clients {
    asked: Vec<Asked>,
    /// Without an answer yet, by number in `asked`.
    open: Vec<usize>,
    /// Known to be done.
    done: Vec<usize>,
    /// On the way to the platform, by number in `asked`.
    line: Vec<usize>,
    /// Versions as answers told them.
    seen: HashMap<StreamId, u64>,
    pub history: History,
}

impl Clients {
    /// Everybody may ask something new, or ask again what was not answered.
    pub(crate) fn act(&mut self, dice: &Dice) {
        for client in 0..CLIENTS {
            if dice.percent(40) {
                let number = self.asked.len();
                let asked = self.something(dice, client, number);
                self.history.asked.insert(asked.command, asked.events());
                self.asked.push(asked);
                self.open.push(number);
                self.line.push(number);
            }
        }
        self.line.extend(self.open.iter().copied().filter(|_| dice.percent(30)));
        if !self.asked.is_empty() && dice.percent(15) {
            // A copy that was under way for ever so long.
            self.line.push(dice.below(self.asked.len()));
        }
    }

    fn something(&self, dice: &Dice, client: u128, number: usize) -> Asked {
        let actor = if dice.percent(4) { Actor::person(STRANGER) } else { person(client) };
        let parts = (0..*dice.pick(&[1, 1, 1, 2, 3])).map(|_| self.part(dice)).collect();
        Asked { actor, command: CommandId(Uuid::from_u128(number as u128 + 1)), parts }
    }

    fn part(&self, dice: &Dice) -> Part {
        let jar = id(dice.below(JARS) as u128 + 1);
        let place = unit(dice.below(3) as u128);
        let amount = i64::try_from(dice.below(60)).unwrap() + 1;
        let command = match dice.below(20) {
            0..8 => JarCommand::Put(place, amount, dice.percent(30).then(|| "楼道堆放杂物".to_owned())),
            8 => JarCommand::Put(place, 400_000, None),
            9..13 => JarCommand::Take(amount),
            13 => JarCommand::Churn(vec![amount, 1]),
            14 => JarCommand::Move(place),
            15 => JarCommand::Own("张三".to_owned()),
            16 | 17 => JarCommand::Label(format!("label {}", dice.below(4))),
            18 => JarCommand::Nothing,
            _ => JarCommand::SystemOnly,
        };
        let seen = dice.percent(25).then(|| self.seen.get(&jar).copied().unwrap_or(0));
        Part { jar, seen, command }
    }

    /// What arrives now of what is on the line, in any order.
    pub(crate) fn arrivals(&mut self, dice: &Dice) -> Vec<Arrival> {
        dice.shuffle(&mut self.line);
        let mut arrived = Vec::new();
        for number in self.line.split_off(self.line.len().saturating_sub(dice.below(8))) {
            if dice.percent(10) {
                continue;
            }
            for _ in 0..*dice.pick(&[1, 1, 1, 1, 2]) {
                let asked = self.asked[number].clone();
                arrived.push(Arrival { asked, forged: false, faulty: dice.percent(4) });
            }
        }
        if !self.done.is_empty() && dice.percent(8) {
            let mut asked = self.asked[*dice.pick(&self.done)].clone();
            asked.parts.push(Part { jar: id(1), seen: None, command: JarCommand::Nothing });
            arrived.push(Arrival { asked, forged: true, faulty: false });
        }
        arrived
    }

    /// Everything that was ever asked or, with `open`, that waits for its answer, without loss or fault.
    pub(crate) fn all(&self, open: bool) -> Vec<Arrival> {
        let wanted = (0..self.asked.len()).filter(|number| !open || self.open.contains(number));
        wanted.map(|n| Arrival { asked: self.asked[n].clone(), forged: false, faulty: false }).collect()
    }

    /// Gives an answer to its client; `None` when it was lost on the way, or never came to be.
    pub(crate) fn answer(&mut self, arrival: &Arrival, answer: Option<&Answer>) {
        let command = arrival.asked.command;
        if arrival.forged {
            return;
        }
        let heard = match answer {
            Some(Ok(outcome)) => {
                self.seen.extend(outcome.touched.iter().copied());
                Some(Heard::Done { position: outcome.position, repeated: outcome.repeated })
            }
            Some(Err(code)) if code != "fault" => Some(Heard::Refused),
            _ => None,
        };
        if heard.is_some() {
            let of_command = |n: &usize| self.asked[*n].command == command;
            if matches!(answer, Some(Ok(_))) && arrival.asked.events() > 0 {
                self.done.extend(self.open.iter().copied().filter(of_command));
            }
            self.open.retain(|n| self.asked[*n].command != command);
        }
        self.history.deliveries.push(Delivery { command, heard });
    }
}
