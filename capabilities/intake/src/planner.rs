//! Compares the rows of a file with each other and with what is known.

use std::collections::{BTreeMap, HashMap, HashSet};

use journal::Vault;
use kernel::{Problem, UnitId};
use organisation::{
    Attributes, CodeClasses, Line, NewUnit, Placement, UnitKind, UnitState,
    identifiers::{CodeError, classify, fitting, local_code},
    numbers_of_people::{masked, number_in},
};
use storage::Tx;

use crate::{
    field::{Field, identity},
    kinds,
    known::Known,
    people,
    plan::{Action, Change, Detail, Plan, RowPlan, Sheet, Step},
    row::{self, Draft},
};

pub(crate) struct Planner<'a> {
    known: Known,
    classes: CodeClasses,
    columns: BTreeMap<Field, usize>,
    sheet: &'a Sheet<'a>,
    plan: Plan,
    /// New units of this file by name and code.
    new: HashMap<String, UnitId>,
    /// Their names.
    new_names: HashMap<UnitId, String>,
    /// What they are.
    new_kinds: HashMap<UnitId, UnitKind>,
    /// New unit -> the new unit above it.
    links: HashMap<UnitId, UnitId>,
    /// Rows with a problem.
    bad: HashSet<u32>,
    /// Which superiors the file names in any row.
    said: HashSet<Field>,
    /// Townships and superiors looked up before: registers repeat them on every row.
    found: HashMap<(Field, String), Option<UnitId>>,
}

impl<'a> Planner<'a> {
    pub fn new(known: Known, columns: BTreeMap<Field, usize>, sheet: &'a Sheet<'a>, plan: Plan) -> Self {
        let bad = plan.problems.iter().map(|problem| problem.row).collect();
        Self {
            known,
            classes: CodeClasses::of(sheet.rules),
            columns,
            sheet,
            plan,
            new: HashMap::new(),
            new_names: HashMap::new(),
            new_kinds: HashMap::new(),
            links: HashMap::new(),
            bad,
            said: HashSet::new(),
            found: HashMap::new(),
        }
    }

    pub fn run(mut self, tx: &mut Tx, vault: &Vault, mut drafts: Vec<Draft>) -> Result<Plan, Problem> {
        self.twice(&drafts);
        self.codes(tx, &mut drafts)?;
        self.announce(&drafts);
        self.said.extend(drafts.iter().filter(|d| d.superior.is_some()).map(|_| Field::Superior));
        self.said.extend(drafts.iter().filter(|d| d.township.is_some()).map(|_| Field::Township));
        for draft in &drafts {
            self.row(tx, vault, draft)?;
        }
        Ok(self.finished())
    }

    fn wrong(&mut self, row: u32, field: Field, code: &'static str, args: &[(&'static str, &str)]) {
        let mut problem = row::problem(row, &self.columns, field, code);
        problem.args = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.plan.problems.push(problem);
        self.bad.insert(row);
    }

    fn notice(&mut self, row: u32, field: Field, code: &'static str) {
        self.plan.notices.push(row::problem(row, &self.columns, field, code));
    }

    fn say(&mut self, row: u32, field: Field, code: &'static str, value: &str) {
        self.wrong(row, field, code, &[("value", value)]);
    }

    /// The same code or, without codes, the same name on two rows.
    fn twice(&mut self, drafts: &[Draft]) {
        let mut codes: HashMap<&str, u32> = HashMap::new();
        let mut names: HashMap<String, (u32, bool)> = HashMap::new();
        for draft in drafts {
            if !draft.code.is_empty() {
                let first = *codes.entry(&draft.code).or_insert(draft.row);
                if first != draft.row {
                    let args = [("value", draft.code.as_str()), ("row", &first.to_string())];
                    self.wrong(draft.row, Field::Code, "intake-code-twice", &args);
                }
            }
            if draft.name.is_empty() {
                continue;
            }
            let coded = !draft.code.is_empty();
            let (first, both) = *names.entry(identity(&draft.name)).or_insert((draft.row, coded));
            if first != draft.row && !(both && coded) {
                let args = [("value", draft.name.as_str()), ("row", &first.to_string())];
                self.wrong(draft.row, Field::Name, "intake-name-twice", &args);
            }
        }
    }

    /// Rows without a code get that of the unit of their name, or a local one if asked for.
    fn codes(&mut self, tx: &mut Tx, drafts: &mut [Draft]) -> Result<(), Problem> {
        let mut free = self.known.local_codes(tx)?;
        for draft in drafts.iter_mut().filter(|d| d.code.is_empty() && !d.name.is_empty()) {
            match self.known.named(&draft.name) {
                [one] => draft.code = self.known.units.get(one).map(|u| u.code.clone()).unwrap_or_default(),
                [] => {
                    if let Some(unit) = self.known.alike(&draft.name).map(|unit| unit.name.clone()) {
                        let alike = row::problem(draft.row, &self.columns, Field::Name, "intake-name-alike");
                        self.plan.notices.push(alike.with("value", &draft.name).with("unit", unit));
                    }
                    match free.as_mut().filter(|_| self.sheet.options.local_codes) {
                        Some((county, serial)) => {
                            draft.code = local_code(county, *serial);
                            *serial += 1;
                            self.plan.made_codes += 1;
                        }
                        None => {
                            self.plan.missing_codes += 1;
                            self.wrong(draft.row, Field::Code, "intake-code-missing", &[]);
                        }
                    }
                }
                _ => self.say(draft.row, Field::Name, "intake-name-ambiguous", &draft.name.clone()),
            }
        }
        Ok(())
    }

    /// New units can be named as superiors further up or down in the same file.
    fn announce(&mut self, drafts: &[Draft]) {
        for draft in drafts {
            if self.known.by_code(&draft.code).is_none() && !draft.code.is_empty() {
                let id = UnitId((self.sheet.new_id)(draft.row));
                self.new.insert(identity(&draft.name), id);
                self.new.insert(identity(&draft.code), id);
                self.new_names.insert(id, draft.name.clone());
                self.new_kinds.extend(kind_of(draft).map(|kind| (id, kind)));
            }
        }
    }

    fn is_sound(&self, row: u32) -> bool {
        !self.bad.contains(&row)
    }

    fn row(&mut self, tx: &mut Tx, vault: &Vault, draft: &Draft) -> Result<(), Problem> {
        if draft.name.is_empty() || draft.code.is_empty() {
            return Ok(());
        }
        let unit = self.known.by_code(&draft.code).and_then(|id| self.known.units.get(&id)).cloned();
        let (mut changes, mut steps) = (Vec::new(), Vec::new());
        let (id, action) = match &unit {
            Some(unit) if unit.closed.is_some() => {
                self.say(draft.row, Field::Code, "intake-unit-closed", &draft.code);
                return Ok(());
            }
            Some(unit) => {
                self.existing(unit, draft, &mut changes, &mut steps);
                (unit.id, Action::Change)
            }
            None => {
                steps.extend(self.created(tx, draft)?);
                (UnitId((self.sheet.new_id)(draft.row)), Action::Create)
            }
        };
        let held =
            people::compare(tx, vault, unit.as_ref().map(|u| u.id), draft, (&mut changes, &mut steps))?;
        for field in held {
            self.notice(draft.row, field, "intake-post-held");
        }
        let action = if action == Action::Change && steps.is_empty() { Action::Same } else { action };
        if action == Action::Create {
            changes = Vec::new();
        }
        if self.is_sound(draft.row) {
            let (name, code) = (draft.name.clone(), draft.code.clone());
            let detail = self.whereabouts(&steps);
            let plan =
                RowPlan { row: draft.row, unit: id, name, code, action, changes, detail, steps, depth: 0 };
            self.plan.rows.push(plan);
        }
        Ok(())
    }

    /// Where a new unit will hang.
    fn whereabouts(&self, steps: &[Step]) -> Detail {
        let new = steps.iter().find_map(|step| match step {
            Step::Create(new) => Some(new),
            _ => None,
        });
        let above = |line: Line| {
            let at = new.and_then(|new| new.placements.iter().find(|p| p.line == line)).map(|p| p.parent);
            let announced = at.and_then(|id| self.new_names.get(&id)).cloned();
            announced.unwrap_or_else(|| self.known.name_of(at))
        };
        Detail::Unit { superior: above(Line::Management), township: above(Line::Territory) }
    }

    fn existing(
        &mut self,
        unit: &UnitState,
        draft: &Draft,
        changes: &mut Vec<Change>,
        steps: &mut Vec<Step>,
    ) {
        if draft.name != unit.name {
            changes.push(Change::new(Field::Name, &unit.name, &draft.name));
            steps.push(Step::Rename(draft.name.clone()));
        }
        if let Some(kind) = draft.kind.filter(|kind| *kind != unit.kind) {
            let args = [("kind", kind.name()), ("known", unit.kind.name())];
            self.wrong(draft.row, Field::Kind, "intake-kind-differs", &args);
        }
        let attributes = self.attributes(unit.attributes.clone(), draft);
        if attributes != unit.attributes {
            described(&unit.attributes, &attributes, changes);
            steps.push(Step::Describe(Box::new(attributes)));
        }
        let lines = [
            (
                Line::Management,
                Field::Superior,
                self.superior(draft, Some(unit.kind), unit.parent(Line::Management)),
            ),
            (Line::Territory, Field::Township, self.township(draft)),
        ];
        for (line, field, parent) in lines {
            let Some(parent) = parent.filter(|parent| unit.parent(line) != Some(*parent)) else { continue };
            if parent == unit.id {
                self.say(draft.row, field, "intake-superior-itself", &draft.name);
                continue;
            }
            let old = self.known.name_of(unit.parent(line));
            let text = if line == Line::Management { &draft.superior } else { &draft.township };
            let known = self.known.name_of(Some(parent));
            let new = if known.is_empty() { text.clone().unwrap_or_default() } else { known };
            changes.push(Change::new(field, &old, &new));
            steps.push(Step::Place(Placement { line, parent, from: self.sheet.today }));
        }
    }

    fn looked_up(&mut self, field: Field, text: &str) -> Option<UnitId> {
        let known = &self.known;
        *self.found.entry((field, text.to_owned())).or_insert_with(|| match field {
            Field::Township => known.township(text),
            _ => known.superior(text),
        })
    }

    /// Who the row says runs the school. Where such a school may not hang it is a problem, unless it hangs there already.
    fn superior(&mut self, draft: &Draft, kind: Option<UnitKind>, present: Option<UnitId>) -> Option<UnitId> {
        let text = draft.superior.as_ref()?;
        // A register names the school itself when nothing stands between it and the bureau.
        if identity(text) == identity(&draft.name) {
            return self.known.root;
        }
        let found = self.new.get(&identity(text)).copied().or_else(|| self.looked_up(Field::Superior, text));
        let Some(above) = found else {
            self.say(draft.row, Field::Superior, "intake-superior-unknown", text);
            return None;
        };
        let known = self.known.units.get(&above).map(|unit| unit.kind);
        let known = known.or_else(|| self.new_kinds.get(&above).copied()).filter(|_| present != found);
        let wrong = kind.zip(known).filter(|(kind, above)| !kind.may_hang_under(Line::Management, *above));
        if let Some((kind, _)) = wrong {
            let kinds: Vec<&str> = kind.above(Line::Management).map(UnitKind::name).collect();
            let args = [("value", text.as_str()), ("kind", kind.name()), ("kinds", &kinds.join(" "))];
            self.wrong(draft.row, Field::Superior, "intake-superior-kind", &args);
        }
        found
    }

    fn township(&mut self, draft: &Draft) -> Option<UnitId> {
        let text = draft.township.as_ref()?;
        let found = self.looked_up(Field::Township, text);
        if found.is_none() {
            self.say(draft.row, Field::Township, "intake-township-unknown", text);
        }
        found
    }

    /// A blank cell says nothing: what is known stays, what is unknown stays unknown.
    fn attributes(&mut self, mut a: Attributes, draft: &Draft) -> Attributes {
        a.pupils = draft.pupils.or(a.pupils);
        a.boarders = draft.boarders.or(a.boarders);
        a.staff = draft.staff.or(a.staff);
        a.classes = draft.classes.or(a.classes);
        a.private = draft.private.or(a.private);
        a.longitude = draft.longitude.or(a.longitude);
        a.latitude = draft.latitude.or(a.latitude);
        a.address = draft.address.clone().unwrap_or(a.address);
        a.telephone = draft.telephone.clone().unwrap_or(a.telephone);
        if let (Some(boarders), Some(pupils)) = (a.boarders, a.pupils)
            && boarders > pupils
            && self.readable(draft)
        {
            let field = if draft.boarders.is_some() { Field::Boarders } else { Field::Pupils };
            let args = [("boarders", boarders.to_string()), ("pupils", pupils.to_string())];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
            self.wrong(draft.row, field, "intake-boarders-exceed", &args);
        }
        a
    }

    /// A head-count that could not be read is one problem, not two.
    fn readable(&self, draft: &Draft) -> bool {
        !self.plan.problems.iter().any(|p| {
            p.row == draft.row
                && p.code == "intake-number"
                && matches!(p.field, Some(Field::Pupils | Field::Boarders))
        })
    }

    fn created(&mut self, tx: &mut Tx, draft: &Draft) -> Result<Option<Step>, Problem> {
        let kind = kind_of(draft);
        let code_exception = self.code(tx, draft, kind)?;
        if kind.is_none() && self.unsaid(draft, Field::Kind) {
            self.wrong(draft.row, Field::Kind, "intake-kind-missing", &[]);
        }
        let id = UnitId((self.sheet.new_id)(draft.row));
        let (superior, township) = (self.superior(draft, kind, None), self.township(draft));
        let superior = superior.or(self.known.root.filter(|_| draft.superior.is_none()));
        let township = township.or(self.known.root.filter(|_| draft.township.is_none()));
        if superior.is_none() && draft.superior.is_none() {
            self.wrong(draft.row, Field::Superior, "intake-superior-missing", &[]);
        }
        // A blank among filled cells is an oversight as often as it is meant.
        for (field, blank) in [
            (Field::Superior, draft.superior.is_none() && superior.is_some()),
            (Field::Township, draft.township.is_none() && township.is_some()),
        ] {
            if blank && self.said.contains(&field) {
                let county = self.known.name_of(self.known.root);
                let blank = row::problem(draft.row, &self.columns, field, "intake-above-blank");
                self.plan.notices.push(blank.with("value", county));
            }
        }
        if let Some(above) = superior.filter(|above| !self.known.units.contains_key(above)) {
            self.links.insert(id, above);
        }
        let attributes = self.attributes(Attributes::default(), draft);
        let from = self.sheet.today;
        let on = |line: Line, parent: Option<UnitId>| parent.map(|parent| Placement { line, parent, from });
        let placements = [on(Line::Management, superior), on(Line::Territory, township)];
        Ok(kind.map(|kind| {
            Step::Create(Box::new(NewUnit {
                code: draft.code.clone(),
                name: draft.name.clone(),
                kind,
                attributes,
                placements: placements.into_iter().flatten().collect(),
                code_exception,
            }))
        }))
    }

    fn unsaid(&self, draft: &Draft, field: Field) -> bool {
        !self.plan.problems.iter().any(|p| p.row == draft.row && p.field == Some(field))
    }

    /// A new unit's code: free, of a known shape, and right for the kind or excused.
    fn code(
        &mut self,
        tx: &mut Tx,
        draft: &Draft,
        kind: Option<UnitKind>,
    ) -> Result<Option<String>, Problem> {
        if let Some(unit) = Known::code_of(tx, &draft.code)? {
            let args = [("value", draft.code.as_str()), ("unit", &unit)];
            self.wrong(draft.row, Field::Code, "intake-code-taken", &args);
        }
        if let Some(other) = self.known.named(&draft.name).first().and_then(|id| self.known.units.get(id)) {
            let code = other.code.clone();
            self.wrong(
                draft.row,
                Field::Name,
                "intake-name-taken",
                &[("value", &draft.name), ("code", &code)],
            );
        }
        let reason = draft.code_reason.clone().or_else(|| self.sheet.options.reason());
        // Nobody's number travels with a unit, and 无 is no reason.
        let reason = reason.map(|reason| masked(&reason).unwrap_or(reason));
        let reason = reason.filter(|reason| !self.sheet.rules.is_filler(reason));
        let fits = |kind| fitting(&draft.code, kind, &self.classes);
        let found = kind.map_or_else(|| classify(&draft.code), fits);
        let problem = match found {
            Ok(_) => return Ok(None),
            Err(CodeError::Shape) => {
                self.say(draft.row, Field::Code, "intake-code-shape", &draft.code);
                return Ok(None);
            }
            // No reason makes a code of somebody's number.
            Err(CodeError::Check(_)) if number_in(&draft.code).is_some() => {
                self.wrong(draft.row, Field::Code, "intake-name-number", &[]);
                return Ok(None);
            }
            Err(CodeError::Check(_)) => "intake-code-check",
            Err(CodeError::Place) => "intake-code-area",
            Err(CodeError::Class) => "intake-code-class",
        };
        if reason.is_some() {
            self.plan.excused_codes += 1;
        } else {
            self.plan.failing_codes += 1;
            self.say(draft.row, Field::Code, problem, &draft.code);
        }
        Ok(reason)
    }

    /// Superiors before those below them; a ring of superiors is a problem.
    fn finished(mut self) -> Plan {
        let most = self.links.len();
        let mut rings = Vec::new();
        for row in &mut self.plan.rows {
            let mut at = row.unit;
            while let Some(above) = self.links.get(&at) {
                at = *above;
                row.depth += 1;
                if row.depth > most {
                    rings.push((row.row, row.name.clone()));
                    break;
                }
            }
        }
        for (row, name) in rings {
            self.say(row, Field::Superior, "intake-superior-loop", &name);
            self.plan.rows.retain(|plan| plan.row != row);
        }
        // What exists changes after what is new: it may hang under it from now on.
        self.plan.rows.sort_by_key(|row| (row.action != Action::Create, row.depth, row.row));
        self.plan.problems.sort_by_key(|p| (p.row, p.column));
        self.plan
    }
}

/// Every attribute that differs, one line each.
fn described(old: &Attributes, new: &Attributes, changes: &mut Vec<Change>) {
    let degrees = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
    let count = |value: Option<u32>| value.map(|n| n.to_string()).unwrap_or_default();
    let ownership = |private: Option<bool>| match private {
        None => String::new(),
        Some(true) => "private".to_owned(),
        Some(false) => "public".to_owned(),
    };
    let both = [
        (Field::Pupils, count(old.pupils), count(new.pupils)),
        (Field::Boarders, count(old.boarders), count(new.boarders)),
        (Field::Staff, count(old.staff), count(new.staff)),
        (Field::Classes, count(old.classes), count(new.classes)),
        (Field::Ownership, ownership(old.private), ownership(new.private)),
        (Field::Address, old.address.clone(), new.address.clone()),
        (Field::Telephone, old.telephone.clone(), new.telephone.clone()),
        (Field::Longitude, degrees(old.longitude), degrees(new.longitude)),
        (Field::Latitude, degrees(old.latitude), degrees(new.latitude)),
    ];
    let differs = both.into_iter().filter(|(_, old, new)| old != new);
    changes.extend(differs.map(|(field, old, new)| Change { field, old, new }));
}

/// What a new unit is: what the row says, or its name, or its code.
fn kind_of(draft: &Draft) -> Option<UnitKind> {
    draft.kind.or_else(|| kinds::guessed(&draft.code, &draft.name))
}
