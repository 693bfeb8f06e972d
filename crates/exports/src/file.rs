//! The file itself: CSV or workbook, row by row, for its owner's eyes only.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use documents::{Cell, CsvWriter, Head, TableWriter, XlsxWriter};
use kernel::{Problem, Refusal, limits};
use language::Lang;

/// Bytes gathered before they are written.
const CHUNK: usize = 64 * 1024;

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text, as long as it must be.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Format {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Xlsx];

    /// The name in addresses and tables, and the ending of the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// From the name in an address.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// How a file is asked for in an address; CSV where nothing is said.
    ///
    /// # Errors
    /// [`Problem::NotFound`] for what no list is written as.
    pub fn asked(name: &str) -> Result<Self, Problem> {
        if name.is_empty() { Ok(Self::Csv) } else { Self::named(name).ok_or(Problem::NotFound) }
    }

    /// Refuses more rows than it has room for.
    ///
    /// # Errors
    /// `export-too-many-rows`.
    pub fn holds(self, rows: u64) -> Result<(), Problem> {
        match self {
            Self::Xlsx if rows > limits::EXPORT_XLSX_ROWS => {
                Err(Refusal::new("export-too-many-rows").with("most", limits::EXPORT_XLSX_ROWS).into())
            }
            Self::Csv | Self::Xlsx => Ok(()),
        }
    }

    /// Its content type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The demonstration says what it is in the first row.
pub fn notes(lang: Lang, demonstration: bool) -> Vec<String> {
    demonstration.then(|| web::texts::shell_demo(lang).to_owned()).into_iter().collect()
}

/// A file that is being written; it has its name only when it is whole.
pub struct TableFile {
    path: PathBuf,
    sheet: Sheet,
}

enum Sheet {
    Csv(CsvWriter, File),
    Xlsx(Box<XlsxWriter>),
}

fn failed(path: &Path) -> impl Fn(io::Error) -> Problem {
    let path = path.display().to_string();
    move |error| Problem::Fault(format!("{path}: {error}"))
}

/// Where it lies until it is whole.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn private(path: &Path) -> Result<File, Problem> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(failed(path))
}

impl TableFile {
    /// Begins a file.
    ///
    /// # Errors
    /// [`Problem::Fault`] names the path; what `documents` refuses.
    pub fn create(
        path: &Path,
        format: Format,
        title: &str,
        heads: &[Head],
        notes: &[String],
    ) -> Result<Self, Problem> {
        let sheet = match format {
            Format::Csv => Sheet::Csv(CsvWriter::new(title, heads, notes), private(&unfinished(path))?),
            Format::Xlsx => Sheet::Xlsx(Box::new(XlsxWriter::new(title, heads, notes)?)),
        };
        Ok(Self { path: path.to_owned(), sheet })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`Problem::Fault`] when the disk is full; `document-rows`.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), Problem> {
        match &mut self.sheet {
            Sheet::Csv(csv, file) => {
                csv.row(cells)?;
                if csv.waiting() >= CHUNK {
                    file.write_all(&csv.take()).map_err(failed(&self.path))?;
                }
                Ok(())
            }
            Sheet::Xlsx(xlsx) => Ok(xlsx.row(cells)?),
        }
    }

    /// Ends the file, and gives it its name.
    ///
    /// # Errors
    /// As [`Self::row`].
    pub fn finish(self) -> Result<(), Problem> {
        let path = self.path;
        let part = unfinished(&path);
        let file = match self.sheet {
            Sheet::Csv(mut csv, mut file) => {
                file.write_all(&csv.take()).map_err(failed(&path))?;
                file
            }
            Sheet::Xlsx(xlsx) => {
                let file = private(&part)?;
                xlsx.finish_into(io::BufWriter::new(&file))?;
                file
            }
        };
        file.sync_all().map_err(failed(&path))?;
        fs::rename(&part, &path).map_err(failed(&path))
    }
}

/// Removes a file, whole or not; one that is not there is gone already.
///
/// # Errors
/// [`Problem::Fault`] names the path.
pub fn gone(path: &Path) -> Result<(), Problem> {
    for path in [path.to_owned(), unfinished(path)] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Problem::Fault(format!("{}: {error}", path.display())));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}
