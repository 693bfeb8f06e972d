//! Compiles what SQLite starts with: the VFS that gathers the log's writes and the function that gives memory back; see
//! `native`.

fn main() {
    println!("cargo::rerun-if-changed=native/wal_writes.c");
    println!("cargo::rerun-if-changed=native/give_back.c");
    let mut build = cc::Build::new();
    build.file("native/wal_writes.c").file("native/give_back.c").warnings(true).extra_warnings(true);
    #[expect(clippy::disallowed_methods, reason = "Cargo says there where SQLite's headers are")]
    let headers = std::env::var("DEP_SQLITE3_INCLUDE");
    if let Ok(headers) = headers {
        build.include(headers);
    }
    // SQLite alone refers to it, and SQLite is linked later: all of it must be taken.
    build.link_lib_modifier("+whole-archive").compile("xiaoan_wal_writes");
}
