//! The form of a unit's facts.

use kernel::{Problem, Refusal, limits};
use organisation::{Attributes, CanteenMode, UnitState};
use web::{FormData, FormState, Visit, view::Choice};

use crate::{texts, view::Field, words};

pub(super) fn attributes_form(form: FormState, a: &Attributes) -> FormState {
    let degrees = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
    let heads = |v: Option<u32>| v.map(|v| v.to_string()).unwrap_or_default();
    form.with("pupils", heads(a.pupils))
        .with("boarders", heads(a.boarders))
        .with("staff", heads(a.staff))
        .with("classes", heads(a.classes))
        .with("private", ownership_name(a.private))
        .with("canteen", canteen_name(a.canteen))
        .with("latitude", degrees(a.latitude))
        .with("longitude", degrees(a.longitude))
        .with("address", &a.address)
        .with("telephone", &a.telephone)
}

const CANTEENS: [(&str, Option<CanteenMode>); 5] = [
    ("unsaid", None),
    ("own", Some(CanteenMode::Own)),
    ("contracted", Some(CanteenMode::Contracted)),
    ("delivered", Some(CanteenMode::Delivered)),
    ("none", Some(CanteenMode::None)),
];

const OWNERSHIPS: [(&str, Option<bool>); 3] = [("unsaid", None), ("0", Some(false)), ("1", Some(true))];

fn ownership_name(private: Option<bool>) -> &'static str {
    OWNERSHIPS.iter().find(|(_, known)| *known == private).map_or("unsaid", |(name, _)| name)
}

fn canteen_name(mode: Option<CanteenMode>) -> &'static str {
    CANTEENS.iter().find(|(_, known)| *known == mode).map_or("unsaid", |(name, _)| name)
}

pub(super) fn describe_fields(visit: &Visit, unit: &UnitState) -> Vec<Field> {
    let lang = visit.lang();
    let mut fields = Vec::new();
    if unit.kind.is_institution() {
        let canteens =
            CANTEENS.iter().map(|(name, mode)| Choice::new(*name, words::canteen(lang, *mode))).collect();
        let ownerships = OWNERSHIPS
            .iter()
            .map(|(name, private)| Choice::new(*name, words::ownership(lang, *private)))
            .collect();
        fields.push(
            Field::text("pupils", texts::units_pupils(lang))
                .hint(texts::unit_count_hint(lang))
                .digits()
                .optional(),
        );
        fields.push(Field::text("boarders", texts::units_boarders(lang)).digits().optional());
        fields.push(Field::text("classes", texts::unit_classes(lang)).digits().optional());
        fields.push(Field::radios("private", texts::unit_ownership(lang), ownerships));
        fields.push(Field::select("canteen", texts::unit_canteen(lang), canteens));
    }
    fields.push(Field::text("staff", texts::units_staff(lang)).digits().optional());
    fields.push(Field::text("address", texts::unit_address(lang)).optional());
    fields.push(
        Field::text("telephone", texts::unit_telephone(lang))
            .hint(texts::unit_telephone_hint(lang))
            .optional(),
    );
    fields.push(
        Field::text("latitude", texts::unit_latitude(lang))
            .hint(texts::unit_position_hint(lang))
            .decimal()
            .optional(),
    );
    fields.push(Field::text("longitude", texts::unit_longitude(lang)).decimal().optional());
    fields
}

/// Facts that the form of this kind of unit does not show stay as they are; a field left empty says that it is unknown.
pub(super) fn attributes(old: &Attributes, form: &FormData) -> Result<Attributes, Problem> {
    const MOST: i64 = 100_000;
    let mut read = form.reader();
    let mut count = |field: &'static str, old: Option<u32>| match form.value(field) {
        None => old,
        Some(_) => read.int(field).range(0, MOST).get().and_then(|n| u32::try_from(n).ok()),
    };
    let (pupils, boarders) = (count("pupils", old.pupils), count("boarders", old.boarders));
    let (staff, classes) = (count("staff", old.staff), count("classes", old.classes));
    let canteen = read.choice("canteen", &CANTEENS).get();
    let private = read.choice("private", &OWNERSHIPS).get();
    let address = read.text("address").max(limits::NAME_CHARS).get();
    let telephone = read.text("telephone").narrow().max(40).get();
    let mut degrees = |field: &'static str, most: f64| {
        let text = read.text(field).narrow().max(20).opt()?;
        let value = text.parse::<f64>().ok().filter(|v| v.is_finite() && v.abs() <= most);
        if value.is_none() {
            read.note(field, Refusal::new("position-outside"));
        }
        value
    };
    let (latitude, longitude) = (degrees("latitude", 90.0), degrees("longitude", 180.0));
    if latitude.is_some() != longitude.is_some()
        && !read.has_problem("latitude")
        && !read.has_problem("longitude")
    {
        let missing = if latitude.is_none() { "latitude" } else { "longitude" };
        read.note(missing, Refusal::new("position-half"));
    }
    read.finish()?;
    let (canteen, private) = (canteen.unwrap_or(old.canteen), private.unwrap_or(old.private));
    Ok(Attributes {
        pupils,
        boarders,
        staff,
        classes,
        private,
        canteen,
        latitude,
        longitude,
        address,
        telephone,
    })
}
