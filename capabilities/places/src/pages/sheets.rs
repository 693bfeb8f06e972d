//! 点位码打印: labels with code, place and three words of what to do, 1, 4 or 12 to a page of A4.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use kernel::{Problem, StreamId, UnitId, limits};
use language::Lang;
use serde::Deserialize;
use web::{Failed, FormData, FormState, Shell, Visit, view::Choice};

use super::{PlacePages, unit_choices};
use crate::{
    code,
    query::{PlaceFilter, PlaceRow, rows, units},
    texts, words,
};

/// Labels to a page, with the class that lays them out.
const SIZES: [(&str, &str); 3] = [("1", "one"), ("4", "four"), ("12", "twelve")];

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SheetsQuery {
    unit: String,
    size: String,
}

/// A label.
struct Label {
    qr: String,
    unit: String,
    name: String,
    code: String,
    address: String,
}

#[derive(Template)]
#[template(path = "places/sheets.html")]
struct SheetsPage {
    shell: Shell,
    form: FormState,
    unit: String,
    /// Schools to choose from, as long as none is chosen.
    units: Vec<Choice>,
    places: Vec<Choice>,
    sizes: Vec<Choice>,
    class: &'static str,
    labels: Vec<Label>,
}

pub(super) async fn show(
    visit: Visit,
    headers: HeaderMap,
    State(pages): State<PlacePages>,
    Query(query): Query<SheetsQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    let lang = visit.lang();
    let (viewer, asked) = (visit.viewer.clone(), UnitId::parse(&query.unit));
    let (units, unit, found) = visit
        .read(move |tx| {
            let units = units(tx, &viewer, access::names::PLACE_VIEW)?;
            let only = if units.len() == 1 { units.first().map(|(id, _)| *id) } else { None };
            let unit = asked.or(only);
            let found = match unit {
                Some(unit) => {
                    let filter = PlaceFilter { unit: Some(unit), ..PlaceFilter::default() };
                    rows(tx, &viewer, &filter, limits::PLACES)?
                }
                None => Vec::new(),
            };
            Ok((units, unit, found))
        })
        .await?;
    let named = |unit| units.iter().find(|(id, _)| *id == unit).map(|(_, name)| name.clone());
    let unit_name = match unit {
        Some(unit) => Some(named(unit).ok_or(Problem::NotFound)?),
        None => None,
    };
    // Several values of one field: the query is read as a form is.
    let asked = FormData::from_urlencoded(visit.prefs.path.split_once('?').map_or("", |(_, query)| query));
    let chosen: Vec<StreamId> = asked.values("chosen").filter_map(StreamId::parse).collect();
    let prints = |row: &&PlaceRow| chosen.is_empty() || chosen.contains(&row.id);
    let origin = web::public_origin(pages.public_url.as_deref(), visit.desk.tls, &headers);
    let (size, class) = SIZES.into_iter().find(|(size, _)| *size == query.size).unwrap_or(("4", "four"));
    let labels = found
        .iter()
        .filter(prints)
        .map(|row| label(lang, &origin, row))
        .collect::<Result<Vec<_>, Problem>>()?;
    let form = found
        .iter()
        .filter(prints)
        .fold(visit.form().with("size", size), |form, row| form.with("chosen", row.id.0.simple()));
    let name = |row: &PlaceRow| Choice::new(row.id.0.simple().to_string(), called(lang, row));
    let sizes = SIZES.map(|(size, _)| Choice::new(size, texts::sheets_size(lang, size)));
    Ok(web::page(&SheetsPage {
        form,
        unit: unit.map(|unit| unit.0.simple().to_string()).unwrap_or_default(),
        units: unit_choices(&units),
        places: found.iter().map(name).collect(),
        sizes: sizes.into(),
        class,
        labels,
        shell: visit
            .shell(texts::sheets_title(lang))
            .for_unit(unit_name.unwrap_or_default(), visit.now())
            .at("places")
            .back_to("/places"),
    }))
}

fn label(lang: Lang, origin: &str, row: &PlaceRow) -> Result<Label, Problem> {
    let address = code::address(origin, &row.code);
    Ok(Label {
        qr: web::qr(&address, 100)?,
        unit: row.unit_name.clone(),
        name: called(lang, row),
        code: code::shown(&row.code),
        address,
    })
}

/// The name of a place among English words.
fn called(lang: Lang, row: &PlaceRow) -> String {
    let name = words::named(&row.name, &row.spot);
    if lang == Lang::En { format!("“{name}”") } else { name }
}
