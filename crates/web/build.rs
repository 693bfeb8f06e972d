//! Texts become functions; assets get one hash and a gzip copy each.

use std::{
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    language_build::generate_here()?;
    println!("cargo:rerun-if-changed=assets");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let mut paths = Vec::new();
    for entry in fs::read_dir("assets")? {
        paths.push(fs::canonicalize(entry?.path())?);
    }
    paths.sort();

    let mut all = Sha256::new();
    let mut table = String::new();
    for path in &paths {
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("odd file name")?;
        let bytes = fs::read(path)?;
        all.update(name);
        all.update(&bytes);
        let zipped = out.join(format!("{name}.gz"));
        let mut encoder = GzEncoder::new(fs::File::create(&zipped)?, Compression::best());
        encoder.write_all(&bytes)?;
        encoder.finish()?;
        writeln!(
            table,
            "    Asset {{ name: {name:?}, kind: {kind:?}, plain: include_bytes!({path:?}), zipped: include_bytes!({zipped:?}) }},",
            kind = kind(path).ok_or_else(|| format!("no type is known for {name}"))?,
        )?;
    }
    let hash: String = all.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let code = format!(
        "/// Changes when any asset changes.\npub const VERSION: &str = {hash:?};\n\nstatic ASSETS: [Asset; {}] = [\n{table}];\n",
        paths.len()
    );
    fs::write(out.join("assets.rs"), code)?;
    Ok(())
}

fn kind(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()? {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}
