//! Compiles the VFS that gathers the log's writes; see `native/wal_writes.c`.

fn main() {
    println!("cargo::rerun-if-changed=native/wal_writes.c");
    let mut build = cc::Build::new();
    build.file("native/wal_writes.c").warnings(true).extra_warnings(true);
    #[expect(clippy::disallowed_methods, reason = "Cargo says there where SQLite's headers are")]
    let headers = std::env::var("DEP_SQLITE3_INCLUDE");
    if let Ok(headers) = headers {
        build.include(headers);
    }
    // SQLite alone refers to it, and SQLite is linked later: all of it must be taken.
    build.link_lib_modifier("+whole-archive").compile("xiaoan_wal_writes");
}
