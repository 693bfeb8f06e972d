//! Tables in and out: spreadsheets read with every guard before they are opened, and written row by row.
//!
//! ```
//! use documents::{CsvWriter, Head, ReadLimits, TableWriter, read_table};
//! let mut csv = CsvWriter::new("学校", &[Head::new("学校名称", 24), Head::new("在校生数", 10)], &[]);
//! csv.row(&["丹凤第一小学".into(), 640_i64.into()])?;
//! let bytes = csv.finish()?;
//! let sheets = read_table(&bytes, "学校.csv", ReadLimits::default())?;
//! assert_eq!(sheets[0].rows[1].cells, ["丹凤第一小学", "640"]);
//! # Ok::<(), documents::DocumentProblem>(())
//! ```

mod archive;
mod csv;
mod package;
mod problem;
mod read;
mod template;
mod text;
mod write;
mod xlsx;

pub use archive::{ArchiveLimits, ArchivedFile, each_file, is_archive};
pub use csv::CsvWriter;
pub use problem::{CODES, DocumentProblem};
pub use read::{Merged, ReadLimits, SheetTable, TableRow, read_table};
pub use template::{Template, TemplateColumn};
pub use text::{address, column_name, narrow, tidy};
pub use write::{Cell, Head, TableWriter};
pub use xlsx::XlsxWriter;
