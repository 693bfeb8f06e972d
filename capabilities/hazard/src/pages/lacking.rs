//! Everything that a form lacks, said at once. A gate stops at the first thing, and whoever may not act hears that
//! first: so what is lacking is added to what was refused, never looked at before.

use kernel::{FieldProblem, Problem, Refusal};

/// What gates say of a field that was left empty.
const GATES: [&str; 4] = [
    "text-missing",
    "hazard-description-or-photo",
    "hazard-before-photo-missing",
    "hazard-after-photo-missing",
];

/// A field that was left empty.
pub(super) fn field(field: &'static str, code: &'static str) -> FieldProblem {
    FieldProblem { field, refusal: Refusal::new(code) }
}

/// The problem with everything that is lacking beside it, when something lacking is what was refused.
pub(super) fn whole(problem: Problem, lacking: Vec<FieldProblem>) -> Problem {
    match problem {
        Problem::Invalid(mut fields) => {
            let new = |lack: &FieldProblem| !fields.iter().any(|known| known.field == lack.field);
            let more: Vec<FieldProblem> = lacking.into_iter().filter(new).collect();
            fields.extend(more);
            Problem::Invalid(fields)
        }
        Problem::Refused(refusal) if GATES.contains(&refusal.code) && !lacking.is_empty() => {
            Problem::Invalid(lacking)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(problem: Problem) -> Vec<&'static str> {
        match whole(
            problem,
            vec![field("note", "text-missing"), field("photos", "hazard-after-photo-missing")],
        ) {
            Problem::Invalid(fields) => fields.iter().map(|problem| problem.field).collect(),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn what_is_lacking_is_said_beside_what_was_refused() {
        assert_eq!(fields(Refusal::new("text-missing").on("note").into()), ["note", "photos"]);
        assert_eq!(
            fields(Problem::Invalid(vec![field("until", "field-required")])),
            ["until", "note", "photos"]
        );
        let once = fields(Problem::Invalid(vec![field("note", "text-too-long")]));
        assert_eq!(once, ["note", "photos"], "a field is named once");
    }

    #[test]
    fn what_is_not_theirs_stays_the_answer() {
        let lacking = || vec![field("note", "text-missing")];
        assert_eq!(whole(Problem::Forbidden, lacking()), Problem::Forbidden);
        let refused = Problem::from(Refusal::new("hazard-wrong-stage"));
        assert_eq!(whole(refused.clone(), lacking()), refused);
    }
}
