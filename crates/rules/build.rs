//! Lists the files of `rules/` so that the binary carries them: no file is read at run time.

use std::{
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|ext| ext == "toml" || ext == "csv") {
            found.push(path);
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules"))?;
    let mut found = Vec::new();
    collect(&root, &mut found)?;
    found.sort();
    let mut code = String::from("pub(crate) const EMBEDDED: &[(&str, &str)] = &[\n");
    let mut told = format!("cargo::rerun-if-changed={}\n", root.display());
    for path in &found {
        let name = path.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        let full = path.to_string_lossy();
        writeln!(code, "    ({name:?}, include_str!({full:?})),")?;
        writeln!(told, "cargo::rerun-if-changed={full}")?;
    }
    code.push_str("];\n");
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(Path::new(&out).join("embedded.rs"), code)?;
    std::io::stdout().write_all(told.as_bytes())?;
    Ok(())
}
