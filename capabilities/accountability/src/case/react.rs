//! What follows from a conclusion: whoever did its duty is told so at once, on a paper of its own.

use journal::{Consequence, Happening};

use super::{
    event::{CaseEvent, Verdict},
    subject::Case,
};
use crate::clarification::{Clarification, ClarificationCommand, Issue, stream_of};

/// 情况澄清 for each side that was found to have done its duty.
pub fn on_concluded(happening: &Happening<'_, Case>) -> Vec<Consequence> {
    let CaseEvent::Concluded(parts) = happening.event else { return Vec::new() };
    let (case, id) = (happening.new, happening.stamp.stream);
    let text = parts.text.clone().unwrap_or_default();
    let cleared = case.sides.iter().filter(|one| one.verdict() == Some(Verdict::Done));
    cleared
        .map(|one| {
            let although = parts.core.although_missed.contains(&one.side.unit);
            let issue = Issue {
                case: id,
                case_number: case.number,
                hazard: case.hazard,
                hazard_number: case.hazard_number,
                unit: one.side.unit,
                name: one.side.name.clone(),
                school: case.unit,
                county: case.county,
                rules: one.finding.as_ref().map(|found| found.rules.clone()).unwrap_or_default(),
                reading: parts.core.reading.clone(),
                although: although.then(|| text.although.clone()),
                document_number: text.document_number.clone(),
                post: parts.core.post.clone(),
                by: parts.core.by,
            };
            Consequence::ask::<Clarification>(
                stream_of(id, one.side.unit),
                ClarificationCommand::Issue(Box::new(issue)),
            )
        })
        .collect()
}
