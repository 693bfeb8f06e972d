//! 启动: by a named authority, on a stated consequence, against both sides. No clock comes here.

use hazard::Note;
use journal::Parts;
use kernel::{Refusal, UnitId, limits};

use super::{Decision, Judge};
use crate::case::{
    command::CaseDraft,
    event::{Authority, CaseEvent, Opened, OpenedText, Side, SideRole},
};

/// Sides of one case at most.
const MOST_SIDES: usize = 12;

impl Judge<'_> {
    pub(super) fn open(&self, draft: &CaseDraft) -> Decision {
        let hazard = self.facts.hazard.as_ref().filter(|hazard| hazard.unit == draft.unit);
        let hazard = hazard.ok_or_else(|| Refusal::new("accountability-hazard"))?;
        if let Some(number) = self.facts.open {
            return Err(Refusal::new("accountability-open-already").with("number", number));
        }
        let authority = draft.authority.ok_or_else(|| Refusal::new("field-choose").on("authority"))?;
        let consequence = draft.consequence.ok_or_else(|| Refusal::new("field-choose").on("consequence"))?;
        let happened_on =
            draft.happened_on.ok_or_else(|| Refusal::new("field-required").on("happened_on"))?;
        if happened_on > self.now {
            let date = happened_on.local_date();
            return Err(Refusal::new("date-in-future").with("date", date).on("happened_on"));
        }
        let sides = self.sides(draft, hazard.unit)?;
        // Nobody opens a case against himself: a higher or another authority decides that.
        let office = hazard.county.unwrap_or(hazard.unit);
        if authority == Authority::Bureau && sides.iter().any(|side| side.unit == office) {
            return Err(Refusal::new("accountability-own-bureau").on("authority"));
        }
        let text = self.opening(draft, authority)?;
        let core = Opened {
            number: self.facts.next,
            hazard: draft.hazard,
            hazard_number: hazard.number,
            unit: hazard.unit,
            county: hazard.county,
            authority: authority.into(),
            consequence: consequence.into(),
            happened_on,
            sides,
            statement: self.due_by("accountability.statement", self.now)?,
            investigation: self.due_by("accountability.investigation", self.now)?,
            by: self.by(),
        };
        Ok(vec![CaseEvent::Opened(Parts::with_text(core, text))])
    }

    fn opening(&self, draft: &CaseDraft, authority: Authority) -> Result<OpenedText, Refusal> {
        let name = match authority {
            Authority::Other => {
                self.wording().said("authority_name", &draft.authority_name, limits::NAME_CHARS)?
            }
            Authority::Bureau | Authority::Government | Authority::Discipline => String::new(),
        };
        let number =
            self.wording().maybe_said("document_number", &draft.document_number, limits::NAME_CHARS)?;
        let consequence = self.told("what", &draft.what)?;
        let link = self.told("link", &draft.link)?;
        let note = Note { note: String::new(), photos: draft.photos.clone() };
        let photos = self.wording().note(&note)?.photos;
        // What another authority decided is written down with its paper.
        if authority != Authority::Bureau && number.is_empty() {
            return Err(Refusal::new("accountability-number-missing").on("document_number"));
        }
        if authority != Authority::Bureau && photos.is_empty() {
            return Err(Refusal::new("accountability-paper-missing").on("photos"));
        }
        Ok(OpenedText { authority: name, document_number: number, consequence, link, photos })
    }

    /// Both sides, the school among those that rectify; no unit on both.
    fn sides(&self, draft: &CaseDraft, school: UnitId) -> Result<Vec<Side>, Refusal> {
        let each_once = |units: &[UnitId]| {
            let mut units = units.to_vec();
            units.sort_unstable();
            units.dedup();
            units
        };
        let (rectifying, supervising) = (each_once(&draft.rectifying), each_once(&draft.supervising));
        if !rectifying.contains(&school) {
            return Err(Refusal::new("accountability-school-missing").on("rectifying"));
        }
        if supervising.is_empty() {
            return Err(Refusal::new("accountability-one-side").on("supervising"));
        }
        if supervising.iter().any(|unit| rectifying.contains(unit)) {
            return Err(Refusal::new("accountability-both-sides").on("supervising"));
        }
        if rectifying.len() + supervising.len() > MOST_SIDES {
            return Err(Refusal::new("accountability-sides-many").with("most", MOST_SIDES).on("supervising"));
        }
        let name = |unit: UnitId, role: SideRole| {
            let known = self.facts.named.iter().find(|(named, _)| *named == unit);
            let (_, name) = known.ok_or_else(|| Refusal::new("unit-unknown").on(field(role)))?;
            Ok(Side { unit, role: role.into(), name: name.clone() })
        };
        let first = rectifying.into_iter().map(|unit| name(unit, SideRole::Rectifying));
        first.chain(supervising.into_iter().map(|unit| name(unit, SideRole::Supervising))).collect()
    }
}

const fn field(role: SideRole) -> &'static str {
    match role {
        SideRole::Rectifying => "rectifying",
        SideRole::Supervising => "supervising",
    }
}
