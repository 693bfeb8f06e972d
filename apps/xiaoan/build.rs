//! Compiles what tells the allocator to give memory back; see `native/memory.c`.

fn main() {
    println!("cargo::rerun-if-changed=native/memory.c");
    let mut build = cc::Build::new();
    build.file("native/memory.c").warnings(true).extra_warnings(true);
    #[expect(clippy::disallowed_methods, reason = "Cargo says there where the allocator's headers are")]
    let headers = std::env::var("DEP_MIMALLOC_INCLUDE_DIR");
    if let Ok(headers) = headers {
        build.include(headers);
    }
    // Nothing in Rust refers to it: all of it must be taken.
    build.link_lib_modifier("+whole-archive").compile("xiaoan_memory");
}
