//! The list of units as rows of a table: administration knows the rows, hazard how files are written.

use access::Viewer;
use administration::{
    pages::{units_heads, units_part},
    texts,
};
use documents::{Cell, Head};
use exports::{Exporter, Part, Wanted};
use kernel::{Problem, Timestamp};
use language::Lang;
use organisation::{UnitFilter, units_counted};
use storage::Tx;

/// The list of units, open ones; it knows no filter.
pub(crate) struct UnitsExport;

impl Exporter for UnitsExport {
    fn kind(&self) -> &'static str {
        "units"
    }

    fn title(&self, lang: Lang) -> String {
        texts::units_title(lang).to_owned()
    }

    fn heads(&self, lang: Lang) -> Vec<Head> {
        units_heads(lang)
    }

    fn may(&self, viewer: &Viewer) -> bool {
        viewer.may("export") && viewer.may("unit.view")
    }

    fn settled(&self, _: &str) -> String {
        String::new()
    }

    fn told(&self, _: &mut Tx, viewer: &Viewer, _: Lang, _: &str) -> Result<String, Problem> {
        Ok(viewer.home.name.clone())
    }

    fn count(&self, tx: &mut Tx, viewer: &Viewer, _: &str, _: Timestamp, _: i64) -> Result<i64, Problem> {
        let scope = viewer.scope("unit.view").condition("u.id", 1);
        Ok(units_counted(tx, &scope, &UnitFilter::default())?)
    }

    fn part(&self, tx: &mut Tx, viewer: &Viewer, wanted: Wanted<'_>) -> Result<Part, Problem> {
        let filter =
            UnitFilter { after: wanted.after.unwrap_or_default().to_owned(), ..UnitFilter::default() };
        let (rows, next) = units_part(tx, viewer, wanted.lang, &filter, wanted.most)?;
        let cells =
            |row: Vec<String>| row.iter().map(|cell| Cell::from(language::plain(cell).to_string())).collect();
        Ok(Part { rows: rows.into_iter().map(cells).collect(), next })
    }
}
