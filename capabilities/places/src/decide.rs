//! Decisions about places. Pure: state, command, facts and who asks in; events or a refusal out.

use hazard::{Note, Wording};
use journal::{Context, Parts};
use kernel::{Refusal, UnitId, limits};

use crate::{
    WHOLE, code,
    command::{PlaceCommand, PlaceDraft},
    event::{Acted, Added, Changed, CodeReplaced, CodeStopped, PlaceEvent, PlaceText},
    facts::PlaceFacts,
    state::PlaceState,
};

type Decision = Result<Vec<PlaceEvent>, Refusal>;

pub(crate) fn decide(
    state: Option<&PlaceState>,
    command: &PlaceCommand,
    facts: &PlaceFacts,
    context: &Context<'_>,
) -> Decision {
    use PlaceCommand as C;
    let judge = Judge { facts, context };
    match (state, command) {
        (None, C::Add { unit, code, draft }) => judge.add(*unit, code, draft),
        (None, _) => Err(Refusal::new("place-unknown")),
        (Some(_), C::Add { .. }) => Err(Refusal::new("place-known")),
        (Some(place), C::Change(draft)) => judge.change(place, draft),
        (Some(place), C::Close(note)) => judge.close(place, note),
        (Some(place), C::Reopen(note)) => judge.reopen(place, note),
        (Some(place), C::ReplaceCode { code, note }) => judge.replace_code(place, code, note),
        (Some(place), C::StopCode { code, note }) => judge.stop_code(place, code, note),
    }
}

/// What a decision leans on.
struct Judge<'a> {
    facts: &'a PlaceFacts,
    context: &'a Context<'a>,
}

impl Judge<'_> {
    const fn wording(&self) -> Wording<'_> {
        Wording(&self.facts.rules)
    }

    const fn acted(&self) -> Acted {
        Acted { by: self.context.standing.person }
    }

    fn add(&self, unit: UnitId, code: &str, draft: &PlaceDraft) -> Decision {
        self.room()?;
        let (kind, text) = self.checked(draft)?;
        if kind == WHOLE && self.facts.has_whole {
            return Err(Refusal::new("place-whole-known").on("kind"));
        }
        let core = Added { unit, kind, code: self.fresh(code)?, outside: draft.outside, by: self.acted().by };
        Ok(vec![PlaceEvent::Added(Parts::with_text(core, text))])
    }

    /// One more place may be in use at the unit.
    fn room(&self) -> Result<(), Refusal> {
        let seat = self.facts.seat.ok_or_else(|| Refusal::new("unit-unknown").on("unit"))?;
        if seat.closed || !seat.institution {
            return Err(Refusal::new("place-unit-not-open").on("unit"));
        }
        if self.facts.open >= limits::PLACES_PER_UNIT {
            return Err(Refusal::new("place-too-many").with("most", limits::PLACES_PER_UNIT).on("name"));
        }
        Ok(())
    }

    fn fresh(&self, asked: &str) -> Result<String, Refusal> {
        let code = code::read(asked).filter(|code| code == asked);
        let code = code.ok_or_else(|| Refusal::new("place-code-broken"))?;
        if self.facts.code_taken { Err(Refusal::new("place-code-taken")) } else { Ok(code) }
    }

    fn checked(&self, draft: &PlaceDraft) -> Result<(String, PlaceText), Refusal> {
        let kind = self.facts.rules.point_kinds().iter().find(|kind| *kind.code == *draft.kind);
        let kind = kind.ok_or_else(|| Refusal::new("field-choose").on("kind"))?;
        let name = self.wording().said("name", &draft.name, limits::NAME_CHARS)?;
        let spot = self.wording().maybe_said("spot", &draft.spot, limits::NAME_CHARS)?;
        if self.facts.name_taken {
            return Err(Refusal::new("place-name-taken").with("name", &name).on("name"));
        }
        Ok((kind.code.to_string(), PlaceText { name, spot }))
    }

    fn change(&self, place: &PlaceState, draft: &PlaceDraft) -> Decision {
        if place.closed_at.is_some() {
            return Err(Refusal::new("place-closed"));
        }
        let (kind, text) = self.checked(draft)?;
        // The general code of a school stays what it is: everything else leads to it.
        if (kind == WHOLE) != place.is_whole() {
            return Err(Refusal::new("place-whole-stays").on("kind"));
        }
        if place.kind == kind && place.outside == draft.outside && place.text.as_ref() == Some(&text) {
            return Ok(Vec::new());
        }
        let core = Changed { kind, outside: draft.outside, by: self.acted().by };
        Ok(vec![PlaceEvent::Changed(Parts::with_text(core, text))])
    }

    fn close(&self, place: &PlaceState, note: &Note) -> Decision {
        if place.closed_at.is_some() {
            return Err(Refusal::new("place-closed"));
        }
        if place.is_whole() {
            return Err(Refusal::new("place-whole-stays").on("note"));
        }
        Ok(vec![PlaceEvent::Closed(Parts::with_text(self.acted(), self.wording().why(note)?))])
    }

    fn reopen(&self, place: &PlaceState, note: &Note) -> Decision {
        if place.closed_at.is_none() {
            return Err(Refusal::new("place-open"));
        }
        self.room()?;
        // While it was closed another one may have taken its name.
        if self.facts.name_taken {
            return Err(Refusal::new("place-name-taken").with("name", place.name()).on("note"));
        }
        Ok(vec![PlaceEvent::Reopened(Parts::with_text(self.acted(), self.wording().why(note)?))])
    }

    fn replace_code(&self, place: &PlaceState, asked: &str, note: &Note) -> Decision {
        if place.closed_at.is_some() {
            return Err(Refusal::new("place-closed"));
        }
        let core = CodeReplaced { code: self.fresh(asked)?, former: place.code.clone(), by: self.acted().by };
        Ok(vec![PlaceEvent::CodeReplaced(Parts::with_text(core, self.wording().why(note)?))])
    }

    fn stop_code(&self, place: &PlaceState, asked: &str, note: &Note) -> Decision {
        let former = place.former.iter().find(|former| former.code == asked && former.stopped_at.is_none());
        let former = former.ok_or_else(|| Refusal::new("place-code-not-former").on("code"))?;
        let core = CodeStopped { code: former.code.clone(), by: self.acted().by };
        Ok(vec![PlaceEvent::CodeStopped(Parts::with_text(core, self.wording().why(note)?))])
    }
}
