//! Rows that look like a case for the restricted file are not even kept while they wait.

use documents::TableRow;
use rules::{LedgerList, RuleBook};

use crate::batch::Withheld;

/// The first cell that may not be kept, if there is one.
pub(crate) fn withheld(rules: &RuleBook, row: &TableRow) -> Option<Withheld> {
    row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).find_map(|(column, cell)| {
        let off = |code: &&str| rules.category(code).is_some_and(|category| !category.is_on());
        let named = rules.ledger_code(LedgerList::Category, cell).filter(off);
        let hinted = || rules.restricted_hint(cell).map(|topic| &*topic.category);
        let category = named.or_else(hinted)?;
        Some(Withheld { row: row.number, column, category: category.to_owned(), named: named.is_some() })
    })
}
