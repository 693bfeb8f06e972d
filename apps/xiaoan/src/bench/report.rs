//! What was measured, for people and for scripts.

use serde::Serialize;

/// One figure against its floor and aim.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub what: String,
    pub value: f64,
    pub unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aim: Option<f64>,
    /// More is better.
    pub upward: bool,
    /// The floor is held; absent without a floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
}

impl Figure {
    pub(crate) fn new(what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { what: what.into(), value, unit, floor: None, aim: None, upward: true, holds: None }
    }

    #[must_use]
    pub(crate) fn floor(mut self, floor: f64, upward: bool) -> Self {
        self.floor = Some(floor);
        self.upward = upward;
        self.holds = Some(if upward { self.value >= floor } else { self.value <= floor });
        self
    }

    #[must_use]
    pub(crate) fn aim(mut self, aim: f64) -> Self {
        self.aim = Some(aim);
        self
    }
}

/// All figures of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Report {
    pub machine: String,
    pub database: String,
    pub figures: Vec<Figure>,
}

impl Report {
    pub(crate) fn add(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// A table in Markdown.
    pub(crate) fn table(&self) -> String {
        let mut out = format!(
            "{} · {}\n\n| what | measured | floor | aim | |\n|---|---|---|---|---|\n",
            self.machine, self.database
        );
        for f in &self.figures {
            let shown = |value: Option<f64>| value.map(number).unwrap_or_default();
            let mark = match f.holds {
                Some(true) => "holds",
                Some(false) => "MISSES",
                None => "",
            };
            out.push_str(&format!(
                "| {} | {} {} | {} | {} | {mark} |\n",
                f.what,
                number(f.value),
                f.unit,
                shown(f.floor),
                shown(f.aim)
            ));
        }
        out
    }
}

fn number(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
